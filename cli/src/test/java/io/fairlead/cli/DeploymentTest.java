package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests of deploy/, as far as they can be judged without a cluster. */
final class DeploymentTest {

    private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();

    @Test
    void everyManifestIsYamlOfOneKubernetesObjectPerDocument() throws IOException {
        var files = manifests();
        assertThat(files).hasSizeGreaterThanOrEqualTo(6);
        for (var file : files) {
            assertThat(documents(file)).as(file.toString()).isNotEmpty().allSatisfy(object -> {
                assertThat(object.path("apiVersion").asText()).isNotEmpty();
                assertThat(object.path("kind").asText()).isNotEmpty();
            });
        }
    }

    @Test
    void everyResourceOfAKustomizationExists() throws IOException {
        for (var file : manifests()) {
            for (var resource : documents(file).getFirst().path("resources")) {
                assertThat(file.resolveSibling(resource.asText())).exists();
            }
        }
    }

    @Test
    void daemonSetCanTakeThePlaceOfKubeadms() throws IOException {
        var set = only("daemonset/daemonset.yaml");
        assertThat(set.at("/metadata/name").asText()).isEqualTo("kube-proxy");
        assertThat(set.at("/metadata/namespace").asText()).isEqualTo("kube-system");
        // Immutable: another selector would be refused.
        assertThat(set.at("/spec/selector")).isEqualTo(yaml("matchLabels: {k8s-app: kube-proxy}"));
        var pod = set.at("/spec/template/spec");
        assertThat(pod.path("hostNetwork").asBoolean()).isTrue();
        assertThat(pod.path("priorityClassName").asText()).isEqualTo("system-node-critical");
        assertThat(pod.path("serviceAccountName").asText()).isEqualTo("kube-proxy");
        assertThat(pod.path("nodeSelector")).isEqualTo(yaml("{kubernetes.io/os: linux}"));
        assertThat(pod.path("tolerations")).isEqualTo(yaml("[{operator: Exists}]"));
        assertThat(pod.at("/containers/0/name").asText()).isEqualTo("kube-proxy");
        assertThat(pod.at("/containers/0/command"))
                .isEqualTo(yaml("[/usr/local/bin/kube-proxy, --config=/var/lib/kube-proxy/config.conf,"
                        + " --hostname-override=$(NODE_NAME)]"));
        assertThat(pod.at("/containers/0/volumeMounts"))
                .isEqualTo(yaml("[{name: kube-proxy, mountPath: /var/lib/kube-proxy},"
                        + " {name: xtables-lock, mountPath: /run/xtables.lock},"
                        + " {name: lib-modules, mountPath: /lib/modules, readOnly: true}]"));
        assertThat(pod.at("/containers/0/volumeMounts")).isEqualTo(pod.at("/initContainers/0/volumeMounts"));
    }

    @Test
    void daemonHasTwoCapabilitiesAndNothingElse() throws IOException {
        var context = only("daemonset/daemonset.yaml").at("/spec/template/spec/containers/0/securityContext");
        assertThat(context)
                .isEqualTo(yaml("{allowPrivilegeEscalation: false, readOnlyRootFilesystem: true,"
                        + " capabilities: {drop: [ALL], add: [NET_ADMIN, NET_RAW]}}"));
    }

    @Test
    void roleAllowsWhatFairleadAsksFor() throws IOException {
        var role = documents(DEPLOY.resolve("base/rbac.yaml")).stream()
                .filter(object -> object.path("kind").asText().equals("ClusterRole"))
                .findFirst()
                .orElseThrow();
        assertThat(role.path("rules"))
                .isEqualTo(yaml("[{apiGroups: [''], resources: [services, nodes], verbs: [list, watch]},"
                        + " {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]},"
                        + " {apiGroups: [networking.k8s.io], resources: [servicecidrs], verbs: [list, watch]},"
                        + " {apiGroups: [events.k8s.io], resources: [events], verbs: [create, patch]}]"));
    }

    @Test
    void roleIsBoundToTheDaemonSetsAccountAndToNobodyElse() throws IOException {
        var objects = documents(DEPLOY.resolve("base/rbac.yaml"));
        var bindings = objects.stream()
                .filter(object -> object.path("kind").asText().endsWith("Binding"))
                .toList();
        assertThat(bindings).singleElement().satisfies(binding -> {
            assertThat(binding.path("roleRef"))
                    .isEqualTo(yaml("{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole,"
                            + " name: 'fairlead:node-proxier'}"));
            assertThat(binding.path("subjects"))
                    .isEqualTo(yaml("[{kind: ServiceAccount, name: kube-proxy, namespace: kube-system}]"));
        });
    }

    /** So kubeadm's ConfigMap, edited or not, can stay. */
    @Test
    void configMapHasKubeadmsNameLabelAndKeys() throws IOException {
        var map = only("base/configmap.yaml");
        assertThat(map.at("/metadata/name").asText()).isEqualTo("kube-proxy");
        assertThat(map.at("/metadata/namespace").asText()).isEqualTo("kube-system");
        assertThat(map.at("/metadata/labels")).isEqualTo(yaml("{app: kube-proxy}"));
        assertThat(map.path("data").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("config.conf", "kubeconfig.conf");
        var kubeconfig = yaml(map.at("/data/kubeconfig.conf").asText());
        assertThat(kubeconfig.at("/contexts/0"))
                .isEqualTo(yaml("{name: default, context: {cluster: default, namespace: default, user: default}}"));
        assertThat(kubeconfig.path("current-context").asText()).isEqualTo("default");
        assertThat(kubeconfig.at("/clusters/0/name").asText()).isEqualTo("default");
        assertThat(kubeconfig.at("/clusters/0/cluster/certificate-authority").asText())
                .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");
    }

    @Test
    void configurationOfTheConfigMapIsAccepted(@TempDir Path directory) throws IOException {
        var data = only("base/configmap.yaml").path("data");
        assertThat(yaml(data.path("kubeconfig.conf").asText())
                        .at("/users/0/user/tokenFile")
                        .asText())
                .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount/token");
        var config = Files.writeString(
                directory.resolve("config.conf"), data.path("config.conf").asText());
        var errors = new ByteArrayOutputStream();
        int status = Main.run(
                new String[] {"proxy", "--config=" + config, "--write-config-to=" + directory.resolve("written")},
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(directory.resolve("written")).content().contains("clusterCIDR: 10.244.0.0/16");
    }

    private static List<Path> manifests() throws IOException {
        try (var files = Files.walk(DEPLOY)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }

    private static JsonNode only(String file) throws IOException {
        var all = documents(DEPLOY.resolve(file));
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static List<JsonNode> documents(Path file) throws IOException {
        try (var values = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return new ArrayList<>(values.readAll());
        }
    }

    private static JsonNode yaml(String text) throws IOException {
        return new YAMLMapper().readTree(text);
    }
}
