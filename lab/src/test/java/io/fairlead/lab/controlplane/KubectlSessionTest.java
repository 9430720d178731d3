package io.fairlead.lab.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions of stock kubectls: the one on the PATH, and those that FAIRLEAD_KUBECTL names, separated by colons. Ages are not
 * compared.
 */
class KubectlSessionTest {

    @TempDir
    Path directory;

    static List<String> kubectls() {
        var found = new ArrayList<String>();
        Optional.ofNullable(System.getenv("FAIRLEAD_KUBECTL")).stream()
                .flatMap(paths -> Arrays.stream(paths.split(File.pathSeparator)))
                .forEach(found::add);
        Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(path -> Path.of(path, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst()
                .ifPresent(path -> found.add(path.toString()));
        // JUnit wants at least one.
        return found.isEmpty() ? List.of("") : found;
    }

    @Test
    void thereIsAKubectlToTestWith() {
        assumeTrue(!kubectls().equals(List.of("")), "no kubectl on the PATH, and FAIRLEAD_KUBECTL names none");
    }

    private final class Session {
        private final String kubectl;
        private final Path kubeconfig;

        Session(String kubectl, TestCluster cluster) throws IOException {
            this.kubectl = kubectl;
            this.kubeconfig = Files.writeString(
                    directory.resolve("kubeconfig"), cluster.plane().kubeconfig());
        }

        /** What it prints, errors included, with ages and random parts of names blurred. */
        String run(String... arguments) throws IOException, InterruptedException {
            var command = new ArrayList<>(List.of(kubectl));
            command.addAll(List.of(arguments));
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("KUBECONFIG", kubeconfig.toString());
            builder.environment().put("HOME", directory.toString());
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes());
            process.waitFor(60, TimeUnit.SECONDS);
            return blurred(output);
        }
    }

    private static String blurred(String output) {
        return output.lines()
                .map(line -> line.replaceAll("\\b\\d+(s|m|m\\d+s)(?=\\s|$)", "AGE")
                        .replaceAll("[ \\t]+", " ")
                        .strip())
                .reduce("", (all, line) -> all + line + "\n");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void theSessionOfTheArticleRunsUnmodified(String kubectl) throws Exception {
        assumeTrue(!kubectl.isEmpty(), "no kubectl");
        var hints =
                Hints.NONE.clusterIp("default", "my-nginx-svc", "10.98.69.149").node("default", "nginx", "k8s3");
        try (var cluster = TestCluster.start(ControlPlane.builder().hint(hints))) {
            var session = new Session(kubectl, cluster);
            assertThat(session.run("run", "nginx", "--image=nginx")).isEqualTo("pod/nginx created\n");
            assertThat(session.run("wait", "--for=condition=Ready", "pod/nginx", "--timeout=30s"))
                    .isEqualTo("pod/nginx condition met\n");
            assertThat(session.run("get", "pods", "nginx", "-o", "wide")).isEqualTo("""
                    NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES
                    nginx 1/1 Running 0 AGE 10.244.83.2 k8s3 <none> <none>
                    """);
            assertThat(session.run("expose", "pod", "nginx", "--name=my-nginx-svc", "--port=3000", "--target-port=80"))
                    .isEqualTo("service/my-nginx-svc exposed\n");
            assertThat(session.run("get", "svc")).isEqualTo("""
                    NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE
                    kubernetes ClusterIP 10.96.0.1 <none> 443/TCP AGE
                    my-nginx-svc ClusterIP 10.98.69.149 <none> 3000/TCP AGE
                    """);
            TestCluster.eventually(1, () -> cluster.endpointsOf("my-nginx-svc").size());
            assertThat(session.run("get", "ep", "my-nginx-svc")).isEqualTo("""
                    NAME ENDPOINTS AGE
                    my-nginx-svc 10.244.83.2:80 AGE
                    """);
            assertThat(session.run("describe", "svc", "my-nginx-svc"))
                    .contains("Selector: run=nginx\nType: ClusterIP\nIP Family Policy: SingleStack\nIP Families: IPv4\n"
                            + "IP: 10.98.69.149\nIPs: 10.98.69.149\nPort: <unset> 3000/TCP\nTargetPort: 80/TCP\n"
                            + "Endpoints: 10.244.83.2:80\nSession Affinity: None\n");
            assertThat(session.run("describe", "ep", "my-nginx-svc"))
                    .contains("Addresses: 10.244.83.2\nNotReadyAddresses: <none>\n");
            assertThat(session.run("logs", "nginx")).isEqualTo("nginx of default/nginx says hello\n");
            assertThat(session.run("delete", "service", "my-nginx-svc")).startsWith("service \"my-nginx-svc\" deleted");
            assertThat(session.run("get", "events"))
                    .contains("Normal Scheduled pod/nginx Successfully assigned default/nginx to k8s3");
            assertThat(session.run("delete", "pod", "nginx")).startsWith("pod \"nginx\" deleted");
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void aDeploymentIsMadeScaledRolledAndTakenAway(String kubectl) throws Exception {
        assumeTrue(!kubectl.isEmpty(), "no kubectl");
        try (var cluster = TestCluster.start()) {
            var session = new Session(kubectl, cluster);
            assertThat(session.run("create", "deployment", "web", "--image=nginx", "--replicas=3"))
                    .isEqualTo("deployment.apps/web created\n");
            assertThat(session.run("rollout", "status", "deployment/web", "--timeout=30s"))
                    .endsWith("deployment \"web\" successfully rolled out\n");
            assertThat(session.run("get", "deployment", "web")).isEqualTo("""
                    NAME READY UP-TO-DATE AVAILABLE AGE
                    web 3/3 3 3 AGE
                    """);
            assertThat(session.run("expose", "deployment", "web", "--port=80", "--type=NodePort"))
                    .isEqualTo("service/web exposed\n");
            assertThat(session.run("scale", "deployment", "web", "--replicas=2"))
                    .isEqualTo("deployment.apps/web scaled\n");
            assertThat(session.run("rollout", "restart", "deployment/web"))
                    .isEqualTo("deployment.apps/web restarted\n");
            assertThat(session.run("rollout", "status", "deployment/web", "--timeout=30s"))
                    .endsWith("deployment \"web\" successfully rolled out\n");
            assertThat(session.run("label", "svc", "web", "tier=front")).isEqualTo("service/web labeled\n");
            assertThat(session.run("annotate", "svc", "web", "note=hello")).isEqualTo("service/web annotated\n");
            assertThat(session.run("get", "svc", "-l", "tier=front", "-o", "name"))
                    .isEqualTo("service/web\n");
            assertThat(session.run("describe", "deployment", "web"))
                    .contains("Replicas: 2 desired | 2 updated | 2 total | 2 available | 0 unavailable");
            assertThat(session.run("delete", "deployment,service", "web"))
                    .startsWith("deployment.apps \"web\" deleted");
            TestCluster.eventually(true, () -> cluster.pods().isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void manifestsAreAppliedChangedAndDeleted(String kubectl) throws Exception {
        assumeTrue(!kubectl.isEmpty(), "no kubectl");
        try (var cluster = TestCluster.start()) {
            var session = new Session(kubectl, cluster);
            var manifest = """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: web}
                    spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}
                    """;
            var path = file("web.yaml", manifest).toString();
            assertThat(session.run("apply", "-f", path)).isEqualTo("service/web created\n");
            assertThat(session.run("apply", "-f", path)).isEqualTo("service/web unchanged\n");
            file("web.yaml", manifest.replace("30080", "30081"));
            assertThat(session.run("apply", "-f", path)).isEqualTo("service/web configured\n");
            assertThat(session.run("get", "svc", "web", "-o", "jsonpath={.spec.ports[0].nodePort}"))
                    .isEqualTo("30081\n");
            assertThat(session.run("patch", "svc", "web", "-p", "{\"spec\":{\"type\":\"LoadBalancer\"}}"))
                    .isEqualTo("service/web patched\n");
            assertThat(session.run("delete", "-f", path)).startsWith("service \"web\" deleted");
            assertThat(session.run("apply", "--server-side", "-f", path)).isEqualTo("service/web serverside-applied\n");
            assertThat(session.run(
                            "apply",
                            "--server-side",
                            "--field-manager=other",
                            "-f",
                            file("other.yaml", manifest).toString()))
                    .contains("conflict");
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void mistakesAreAnsweredInTheApisOwnWords(String kubectl) throws Exception {
        assumeTrue(!kubectl.isEmpty(), "no kubectl");
        try (var cluster = TestCluster.start()) {
            var session = new Session(kubectl, cluster);
            assertThat(session.run("create", "-f", service("spec: {selector: {a: b}}")))
                    .isEqualTo("The Service \"web\" is invalid: spec.ports: Required value\n");
            assertThat(session.run("create", "-f", service("spec: {clusterIP: 192.168.1.1, ports: [{port: 80}]}")))
                    .isEqualTo(
                            "The Service \"web\" is invalid: spec.clusterIPs: Invalid value: [\"192.168.1.1\"]: failed"
                                    + " to allocate IP 192.168.1.1: the provided IP (192.168.1.1) is not in the valid range. The"
                                    + " range of valid IPs is 10.96.0.0/12\n");
            assertThat(session.run("create", "-f", service("spec: {ports: [{port: 80, prot: TCP}]}")))
                    .contains("unknown field")
                    .contains("prot");
            assertThat(session.run("create", "-f", service("spec: {ports: [{port: eighty}]}")))
                    .contains("spec.ports")
                    .contains("string");
            assertThat(session.run("-n", "nowhere", "run", "p", "--image=nginx"))
                    .isEqualTo("Error from server (NotFound): namespaces \"nowhere\" not found\n");
            assertThat(session.run("get", "pod", "nothing"))
                    .isEqualTo("Error from server (NotFound): pods \"nothing\" not found\n");
            assertThat(session.run("delete", "ns", "default"))
                    .contains("namespaces \"default\" is forbidden: this namespace may not be deleted");
        }
    }

    private String service(String spec) throws IOException {
        return file("bad.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n" + spec + "\n")
                .toString();
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void discoveryAndSchemasAreWhatItNeeds(String kubectl) throws Exception {
        assumeTrue(!kubectl.isEmpty(), "no kubectl");
        try (var cluster = TestCluster.start()) {
            var session = new Session(kubectl, cluster);
            assertThat(session.run("api-resources")).contains("services svc v1 true Service");
            assertThat(session.run("api-versions")).contains("discovery.k8s.io/v1\n");
            assertThat(session.run("explain", "service.spec.ports")).contains("nodePort <integer>");
            assertThat(session.run("version")).contains("v1.36.0+fairlead");
            assertThat(session.run("get", "ns")).contains("kube-system Active AGE");
            assertThat(session.run("get", "nodes")).contains("k8s1 Ready <none> AGE v1.36.0");
            assertThat(session.run("describe", "node", "k8s1")).contains("Ready True");
            assertThat(session.run("create", "namespace", "team")).isEqualTo("namespace/team created\n");
            assertThat(session.run("delete", "namespace", "team", "--timeout=30s"))
                    .startsWith("namespace \"team\" deleted");
            assertThat(session.run("get", "all", "-n", "team")).contains("No resources found");
        }
    }
}
