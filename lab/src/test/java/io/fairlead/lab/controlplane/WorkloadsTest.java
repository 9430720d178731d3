package io.fairlead.lab.controlplane;

import static io.fairlead.lab.controlplane.TestCluster.eventually;
import static io.fairlead.lab.controlplane.TestCluster.named;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkloadsTest {

    private final TestCluster cluster = TestCluster.start();

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void deployment(int replicas, String strategy) {
        cluster.create("""
                {apiVersion: apps/v1, kind: Deployment, metadata: {name: web},
                 spec: {replicas: %d, strategy: %s, selector: {matchLabels: {app: web}},
                 template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "nginx:1"}]}}}}
                """.formatted(replicas, strategy));
        eventually(replicas, this::available);
    }

    private int available() {
        return cluster.get(ResourceTypes.DEPLOYMENTS, "web")
                .at("/status/availableReplicas")
                .asInt();
    }

    private void setImage(String image) {
        cluster.edit(ResourceTypes.DEPLOYMENTS, "web", deployment -> {
            ((ObjectNode) deployment.at("/spec/template/spec/containers/0")).put("image", image);
            return deployment;
        });
    }

    private boolean rolledOutTo(String image) {
        var pods = cluster.pods();
        return pods.size() == 6
                && pods.stream()
                        .allMatch(pod ->
                                pod.at("/spec/containers/0/image").asText().equals(image))
                && available() == 6;
    }

    @Test
    void aRollingUpdateStaysWithinSurgeAndUnavailable() {
        deployment(6, "{rollingUpdate: {maxSurge: 2, maxUnavailable: 1}}");
        var most = new AtomicInteger();
        var fewestAvailable = new AtomicInteger(6);
        Map<String, Boolean> pods = new HashMap<>();
        try (var _ = cluster.store().follow("census", change -> {
            if (change.object().type().equals(ResourceTypes.PODS)) {
                count(change, pods);
                most.accumulateAndGet(pods.size(), Math::max);
                int ready = (int) pods.values().stream().filter(ok -> ok).count();
                // Before the census has begun they are counted one by one.
                if (pods.size() >= 6) {
                    fewestAvailable.accumulateAndGet(ready, Math::min);
                }
            }
        })) {
            setImage("nginx:2");
            eventually(true, () -> rolledOutTo("nginx:2"));
        }
        assertThat(most.get()).isBetween(7, 8);
        assertThat(fewestAvailable.get()).isGreaterThanOrEqualTo(5);
    }

    /** Those that do not terminate, and whether they are ready. */
    private static void count(StoreChange change, Map<String, Boolean> pods) {
        var pod = change.object().toJson();
        var name = change.object().name().name();
        if (change instanceof StoreChange.Deleted
                || pod.at("/metadata/deletionTimestamp").isTextual()) {
            pods.remove(name);
            return;
        }
        boolean ready = false;
        for (var condition : pod.at("/status/conditions")) {
            ready |= condition.path("type").asText().equals("Ready")
                    && condition.path("status").asText().equals("True");
        }
        pods.put(name, ready);
    }

    @Test
    void aRollbackUsesTheOldReplicaSetAgainUnderANewRevision() {
        deployment(6, "{}");
        setImage("nginx:2");
        eventually(true, () -> rolledOutTo("nginx:2"));
        setImage("nginx:1");
        eventually(true, () -> rolledOutTo("nginx:1"));

        assertThat(cluster.store().image().objects(ResourceTypes.REPLICA_SETS, "default"))
                .hasSize(2);
        eventually(
                "3",
                () -> cluster.get(ResourceTypes.DEPLOYMENTS, "web")
                        .at("/metadata/annotations/deployment.kubernetes.io~1revision")
                        .asText());
    }

    @Test
    void podsAreSpreadOverNodes() {
        deployment(6, "{}");
        Map<String, Integer> byNode = new HashMap<>();
        cluster.pods().forEach(pod -> byNode.merge(pod.at("/spec/nodeName").asText(), 1, Integer::sum));
        assertThat(byNode).containsOnly(Map.entry("k8s1", 2), Map.entry("k8s2", 2), Map.entry("k8s3", 2));
    }

    @Test
    void aDeletedPodIsReplaced() {
        deployment(2, "{}");
        var names = new HashSet<String>();
        cluster.pods().forEach(pod -> names.add(pod.at("/metadata/name").asText()));
        cluster.store().delete(ResourceTypes.PODS, named(names.iterator().next()), Json.object());

        eventually(
                true,
                () -> cluster.pods().size() == 2
                        && cluster.pods().stream()
                                .anyMatch(pod ->
                                        !names.contains(pod.at("/metadata/name").asText())));
    }

    @Test
    void whatADeploymentHasMadeGoesWithIt() {
        deployment(2, "{}");
        cluster.store().delete(ResourceTypes.DEPLOYMENTS, named("web"), Json.object());
        eventually(true, () -> cluster.pods().isEmpty());
        assertThat(cluster.store().image().objects(ResourceTypes.REPLICA_SETS)).isEmpty();
    }

    @Test
    void foregroundDeletionKeepsTheOwnerUntilTheLastDependentIsGone() {
        cluster.create("""
                {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web},
                 spec: {replicas: 2, selector: {matchLabels: {app: web}},
                 template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}}}
                """);
        var replicaSet = named("web");
        eventually(2, () -> cluster.pods().size());
        var held = cluster.pods().getFirst().at("/metadata/name").asText();
        cluster.edit(ResourceTypes.PODS, held, pod -> {
            pod.withObjectProperty("metadata").putArray("finalizers").add("test/held");
            return pod;
        });
        cluster.store()
                .delete(ResourceTypes.REPLICA_SETS, replicaSet, Json.object().put("propagationPolicy", "Foreground"));
        eventually(1, () -> cluster.pods().size());
        assertThat(cluster.store().get(ResourceTypes.REPLICA_SETS, replicaSet)).isPresent();

        cluster.edit(ResourceTypes.PODS, held, pod -> {
            pod.withObjectProperty("metadata").remove("finalizers");
            return pod;
        });
        eventually(
                true,
                () -> cluster.store()
                        .get(ResourceTypes.REPLICA_SETS, replicaSet)
                        .isEmpty());
    }

    @Test
    void aNamespaceTakesItsContentWithItAndLetsNothingNewIn() {
        cluster.create("{apiVersion: v1, kind: Namespace, metadata: {name: team}}");
        cluster.create("""
                {apiVersion: v1, kind: Pod, metadata: {name: held, namespace: team, finalizers: [test/held]},
                 spec: {containers: [{name: c, image: nginx}]}}
                """);
        var team = new NamespacedName("", "team");
        var held = new NamespacedName("team", "held");
        cluster.store().delete(ResourceTypes.NAMESPACES, team, Json.object());

        try {
            cluster.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: late, namespace: team}}");
            throw new AssertionError("the namespace is being terminated");
        } catch (ApiException e) {
            assertThat(e)
                    .hasMessage(
                            "configmaps \"late\" is forbidden: unable to create new content in namespace team because"
                                    + " it is being terminated");
        }
        cluster.store().edit(ResourceTypes.PODS, held, pod -> {
            pod.withObjectProperty("metadata").remove("finalizers");
            return pod;
        });
        eventually(
                true, () -> cluster.store().get(ResourceTypes.NAMESPACES, team).isEmpty());
        assertThat(cluster.store().image().objects(ResourceTypes.CONFIG_MAPS, "team"))
                .isEmpty();
    }

    @Test
    void aPodThatFitsNowhereSaysWhyAndRunsOnceItFits() {
        cluster.create("""
                {apiVersion: v1, kind: Pod, metadata: {name: picky},
                 spec: {nodeSelector: {disk: fast}, containers: [{name: c, image: nginx}]}}
                """);
        eventually(
                "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
                () -> cluster.get(ResourceTypes.PODS, "picky")
                        .at("/status/conditions/0/message")
                        .asText());
        cluster.store().edit(ResourceTypes.NODES, new NamespacedName("", "k8s2"), node -> {
            node.withObjectProperty("metadata").withObjectProperty("labels").put("disk", "fast");
            return node;
        });
        eventually(
                "Running",
                () -> cluster.get(ResourceTypes.PODS, "picky")
                        .at("/status/phase")
                        .asText());
    }

    @Test
    void podsOfANodeThatIsNotReadyAreNotReadyEither() {
        deployment(3, "{}");
        cluster.store().edit(ResourceTypes.NODES, new NamespacedName("", "k8s2"), node -> {
            ((ObjectNode) node.at("/status/conditions/0")).put("status", "False");
            return node;
        });
        eventually(2, this::available);
        assertThat(cluster.store()
                        .get(ResourceTypes.NODES, new NamespacedName("", "k8s2"))
                        .orElseThrow()
                        .toJson()
                        .at("/spec/taints/0/key")
                        .asText())
                .isEqualTo("node.kubernetes.io/not-ready");
    }

    @Test
    void aLoadBalancerGetsAnAddressOfEachFamilyAndGivesItBack() {
        try (var own =
                TestCluster.start(ControlPlane.builder().loadBalancerAddresses("198.51.100.0/24", "2001:db8:1::/64"))) {
            own.create("""
                    {apiVersion: v1, kind: Service, metadata: {name: lb},
                     spec: {type: LoadBalancer, ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]}}
                    """);
            eventually(
                    "[{\"ip\":\"198.51.100.1\",\"ipMode\":\"VIP\"},{\"ip\":\"2001:db8:1::1\",\"ipMode\":\"VIP\"}]",
                    () -> own.get(ResourceTypes.SERVICES, "lb")
                            .at("/status/loadBalancer/ingress")
                            .toString());
            own.edit(ResourceTypes.SERVICES, "lb", service -> {
                service.withObjectProperty("spec").put("type", "ClusterIP");
                return service;
            });
            eventually(
                    "{}",
                    () -> own.get(ResourceTypes.SERVICES, "lb")
                            .at("/status/loadBalancer")
                            .toString());
        }
    }
}
