package io.fairlead.lab.controlplane;

import static io.fairlead.lab.controlplane.TestCluster.eventually;
import static io.fairlead.lab.controlplane.TestCluster.named;
import static io.fairlead.lab.controlplane.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ResourceTypes;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointSlicesTest {

    private final TestCluster cluster = TestCluster.start();

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void pod(String name, String app) {
        cluster.create("""
                {apiVersion: v1, kind: Pod, metadata: {name: %s, labels: {app: %s}},
                 spec: {containers: [{name: c, image: nginx, ports: [{name: web, containerPort: 8080}]}]}}
                """.formatted(name, app));
    }

    private void service(String spec) {
        cluster.create("{apiVersion: v1, kind: Service, metadata: {name: web}, spec: " + spec + "}");
    }

    private List<String> conditions() {
        return cluster.endpointsOf("web").stream()
                .map(endpoint -> endpoint.path("conditions").toString())
                .toList();
    }

    @Test
    void aPodThatRunsIsAnEndpointOnTheNamedPortWithItsNodeAndZone() {
        service("{selector: {app: web}, ports: [{port: 80, targetPort: web}]}");
        pod("one", "web");
        pod("other", "db");

        eventually(1, () -> cluster.endpointsOf("web").size());
        eventually(List.of("{\"ready\":true,\"serving\":true,\"terminating\":false}"), this::conditions);
        var slice = cluster.slicesOf("web").getFirst();
        assertThat(slice.at("/ports/0/port").asInt()).isEqualTo(8080);
        assertThat(slice.at("/endpoints/0/nodeName").asText()).isEqualTo("k8s1");
        assertThat(slice.at("/endpoints/0/zone").asText()).isEqualTo("west");
        assertThat(slice.at("/endpoints/0/targetRef/name").asText()).isEqualTo("one");
        assertThat(slice.at("/metadata/annotations").has("endpoints.kubernetes.io/last-change-trigger-time"))
                .isTrue();
        assertThat(slice.at("/metadata/ownerReferences/0/kind").asText()).isEqualTo("Service");
        var legacy = cluster.get(ResourceTypes.ENDPOINTS, "web");
        assertThat(legacy.at("/subsets/0/addresses/0/ip")).isEqualTo(slice.at("/endpoints/0/addresses/0"));
    }

    @Test
    void aPodThatIsNotReadyIsNotServedUnlessTheServicePublishesSuch() {
        service("{selector: {app: web}, ports: [{port: 80}]}");
        pod("one", "web");
        eventually(List.of("{\"ready\":true,\"serving\":true,\"terminating\":false}"), this::conditions);

        cluster.edit(ResourceTypes.PODS, "one", pod -> ready(pod, "False"));
        eventually(List.of("{\"ready\":false,\"serving\":false,\"terminating\":false}"), this::conditions);
        eventually(
                true,
                () -> cluster.get(ResourceTypes.ENDPOINTS, "web")
                        .at("/subsets/0")
                        .has("notReadyAddresses"));

        cluster.edit(ResourceTypes.SERVICES, "web", service -> {
            service.withObjectProperty("spec").put("publishNotReadyAddresses", true);
            return service;
        });
        eventually(List.of("{\"ready\":true,\"serving\":false,\"terminating\":false}"), this::conditions);
    }

    private static ObjectNode ready(ObjectNode pod, String status) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                ((ObjectNode) condition).put("status", status);
            }
        }
        return pod;
    }

    @Test
    void aPodThatEndsIsTerminatingAndStillServingUntilItIsGone() {
        service("{selector: {app: web}, ports: [{port: 80}]}");
        // Nobody runs it but this test, so nobody finishes it either.
        cluster.create("""
                {apiVersion: v1, kind: Pod, metadata: {name: one, labels: {app: web}, finalizers: [test/held]},
                 spec: {containers: [{name: c, image: nginx}]}}
                """);
        eventually(List.of("{\"ready\":true,\"serving\":true,\"terminating\":false}"), this::conditions);

        cluster.store().delete(ResourceTypes.PODS, named("one"), Json.object());
        eventually(List.of("{\"ready\":false,\"serving\":true,\"terminating\":true}"), this::conditions);

        cluster.edit(ResourceTypes.PODS, "one", pod -> {
            pod.withObjectProperty("metadata").remove("finalizers");
            return pod;
        });
        eventually(List.of(), this::conditions);
        assertThat(cluster.slicesOf("web")).hasSize(1);
    }

    @Test
    void trafficDistributionGivesHints() {
        service("{selector: {app: web}, trafficDistribution: PreferSameNode, ports: [{port: 80}]}");
        pod("one", "web");
        eventually(
                "{\"forZones\":[{\"name\":\"west\"}],\"forNodes\":[{\"name\":\"k8s1\"}]}",
                () -> cluster.endpointsOf("web").stream()
                        .map(endpoint -> endpoint.path("hints").toString())
                        .findFirst()
                        .orElse(""));

        cluster.edit(ResourceTypes.SERVICES, "web", service -> {
            service.withObjectProperty("spec").put("trafficDistribution", "PreferClose");
            return service;
        });
        eventually(
                "{\"forZones\":[{\"name\":\"west\"}]}",
                () -> cluster.endpointsOf("web").getFirst().path("hints").toString());
    }

    @Test
    void aDualStackServiceHasSlicesOfBothFamilies() {
        service("{selector: {app: web}, ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]}");
        pod("one", "web");
        eventually(2, () -> cluster.endpointsOf("web").size());
        assertThat(cluster.slicesOf("web").stream()
                        .map(slice -> slice.path("addressType").asText()))
                .containsExactlyInAnyOrder("IPv4", "IPv6");
    }

    @Test
    void noSliceHasMoreThanAHundredEndpointsAndNoneIsLost() {
        service("{selector: {app: web}, ports: [{port: 80}]}");
        for (int i = 0; i < 230; i++) {
            pod("pod-" + i, "web");
        }
        eventually(230, () -> {
            var addresses = new HashSet<String>();
            cluster.endpointsOf("web")
                    .forEach(endpoint ->
                            addresses.add(endpoint.at("/addresses/0").asText()));
            return addresses.size();
        });
        assertThat(cluster.slicesOf("web"))
                .allSatisfy(slice -> assertThat(slice.path("endpoints").size()).isLessThanOrEqualTo(100));
    }

    @Test
    void slicesGoWithTheirService() {
        service("{selector: {app: web}, ports: [{port: 80}]}");
        eventually(1, () -> cluster.slicesOf("web").size());

        cluster.store().delete(ResourceTypes.SERVICES, named("web"));

        eventually(0, () -> cluster.slicesOf("web").size());
        eventually(
                true,
                () -> cluster.store().get(ResourceTypes.ENDPOINTS, named("web")).isEmpty());
    }

    @Test
    void aSliceThatSomebodyDeletesComesBack() {
        service("{selector: {app: web}, ports: [{port: 80}]}");
        pod("one", "web");
        eventually(1, () -> cluster.endpointsOf("web").size());
        var slice = cluster.slicesOf("web").getFirst().at("/metadata/name").asText();

        cluster.store().delete(ResourceTypes.ENDPOINT_SLICES, named(slice));

        eventually(
                true,
                () -> cluster.slicesOf("web").stream()
                        .anyMatch(other -> !other.at("/metadata/name").asText().equals(slice)
                                && other.path("endpoints").size() == 1));
    }

    @Test
    void endpointsWrittenByHandAreMirrored() {
        service("{ports: [{port: 80}]}");
        cluster.store().create(yaml("""
                {apiVersion: v1, kind: Endpoints, metadata: {name: web},
                 subsets: [{addresses: [{ip: 192.0.2.1}, {ip: 192.0.2.2}], ports: [{port: 9000}]}]}
                """));
        eventually(2, () -> cluster.endpointsOf("web").size());
        var slice = cluster.slicesOf("web").getFirst();
        assertThat(slice.at("/ports/0/port").asInt()).isEqualTo(9000);
        assertThat(slice.at("/metadata/labels/endpointslice.kubernetes.io~1managed-by")
                        .asText())
                .isEqualTo("endpointslicemirroring-controller.k8s.io");
    }

    @Test
    void aQuietClusterWritesNothing() throws Exception {
        service("{selector: {app: web}, ports: [{port: 80}]}");
        cluster.create("""
                {apiVersion: apps/v1, kind: Deployment, metadata: {name: web},
                 spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}},
                 spec: {containers: [{name: c, image: nginx}]}}}}
                """);
        eventually(
                2,
                () -> cluster.get(ResourceTypes.DEPLOYMENTS, "web")
                        .at("/status/availableReplicas")
                        .asInt());
        eventually(2, () -> cluster.endpointsOf("web").size());
        // The last events and status writes settle; then the version stays.
        long[] before = {-1};
        eventually(true, () -> {
            long now = cluster.store().image().resourceVersion();
            boolean same = now == before[0];
            before[0] = now;
            pause();
            return same && now == cluster.store().image().resourceVersion();
        });
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
