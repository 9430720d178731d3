package io.fairlead.lab.apiserver;

import static io.fairlead.lab.apiserver.Services.DEFAULT;
import static io.fairlead.lab.apiserver.Services.labelled;
import static io.fairlead.lab.apiserver.Services.named;
import static io.fairlead.lab.apiserver.Services.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteTest {

    private ApiServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.builder().start();
        client = TestClient.of(server);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void createCompletesMetadata() throws Exception {
        var created = client.post(DEFAULT, service("web"));
        assertThat(created.status()).isEqualTo(201);
        var metadata = created.json().path("metadata");
        assertThat(metadata.path("uid").asText()).hasSize(36);
        assertThat(metadata.path("creationTimestamp").asText()).endsWith("Z");
        assertThat(metadata.path("resourceVersion").asText()).isNotEmpty();
        assertThat(metadata.path("generation").asInt()).isEqualTo(1);
        var again = client.post(DEFAULT, service("web"));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.reason()).isEqualTo("AlreadyExists");
        assertThat(again.json().path("message").asText()).isEqualTo("services \"web\" already exists");
    }

    @Test
    void generateNameMakesDistinctNames() throws Exception {
        var unnamed = service("");
        unnamed.withObjectProperty("metadata").put("generateName", "web-").remove("name");
        for (int i = 0; i < 2; i++) {
            assertThat(client.post(DEFAULT, unnamed).json().at("/metadata/name").asText())
                    .matches("web-[a-z0-9]{5}");
        }
        assertThat(server.store().image().objects(ResourceTypes.SERVICES)).hasSize(2);
    }

    @Test
    void whatCannotBeCreatedIsRefused() throws Exception {
        assertThat(client.post(DEFAULT, service("other", "web")).status()).isEqualTo(400);
        assertThat(client.post(DEFAULT, service("")).reason()).isEqualTo("Invalid");
        assertThat(client.post(DEFAULT, service("a/b")).status()).isEqualTo(422);
        assertThat(client.post(DEFAULT, service("web").put("kind", "Pod")).status())
                .isEqualTo(400);
        assertThat(client.post("/api/v1/services", service("web")).status()).isEqualTo(405);
        assertThat(client.post(DEFAULT + "?dryRun=Some", service("web")).status())
                .isEqualTo(400);
        assertThat(client.write("POST", DEFAULT, "application/json", "{").status())
                .isEqualTo(400);
        assertThat(client.write("POST", DEFAULT, "application/vnd.kubernetes.protobuf", "k8s")
                        .status())
                .isEqualTo(415);
        assertThat(server.store().image().objects(ResourceTypes.SERVICES)).isEmpty();
    }

    @Test
    void namespacesMustExistIfAsked() throws Exception {
        try (var strict = ApiServer.builder().requireNamespaces().start();
                var strictClient = TestClient.of(strict)) {
            assertThat(strictClient
                            .post(DEFAULT, service("web"))
                            .json()
                            .path("message")
                            .asText())
                    .isEqualTo("namespaces \"default\" not found");
            var namespace = Json.object();
            namespace.putObject("metadata").put("name", "default");
            assertThat(strictClient.post("/api/v1/namespaces", namespace).status())
                    .isEqualTo(201);
            assertThat(strictClient.post(DEFAULT, service("web")).status()).isEqualTo(201);
        }
    }

    @Test
    void anUpdateOfAnOldVersionConflicts() throws Exception {
        var first = client.post(DEFAULT, service("web")).json();
        ((ObjectNode) first.path("spec")).put("clusterIP", "10.96.0.8");
        var second = client.put(DEFAULT + "/web", first);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().at("/metadata/generation").asInt()).isEqualTo(2);
        assertThat(second.json().at("/metadata/uid")).isEqualTo(first.at("/metadata/uid"));
        ((ObjectNode) first.path("spec")).put("clusterIP", "10.96.0.9");
        var third = client.put(DEFAULT + "/web", first);
        assertThat(third.status()).isEqualTo(409);
        assertThat(third.reason()).isEqualTo("Conflict");
        assertThat(client.put(DEFAULT + "/web", service("web")).status()).isEqualTo(200);
        assertThat(client.put(DEFAULT + "/none", service("none")).status()).isEqualTo(404);
        assertThat(client.put(DEFAULT + "/web", service("other")).status()).isEqualTo(400);
    }

    @Test
    void anUpdateThatChangesNothingMakesNoVersion() throws Exception {
        var first = client.post(DEFAULT, service("web"));
        long version = server.store().image().resourceVersion();
        assertThat(client.put(DEFAULT + "/web", first.json()).status()).isEqualTo(200);
        assertThat(server.store().image().resourceVersion()).isEqualTo(version);
    }

    @Test
    void statusIsASubresource() throws Exception {
        var withStatus = service("web");
        withStatus.putObject("status").put("phase", "ignored");
        var created = client.post(DEFAULT, withStatus).json();
        assertThat(created.has("status")).isFalse();
        var update = service("web");
        update.putObject("status")
                .putObject("loadBalancer")
                .putArray("ingress")
                .addObject()
                .put("ip", "192.0.2.1");
        update.withObjectProperty("spec").put("clusterIP", "10.96.0.99");
        var updated = client.put(DEFAULT + "/web/status", update).json();
        assertThat(updated.at("/status/loadBalancer/ingress/0/ip").asText()).isEqualTo("192.0.2.1");
        assertThat(updated.at("/spec/clusterIP").asText()).isEqualTo("10.96.0.7");
        var patched =
                client.patch(DEFAULT + "/web", "merge-patch", "{\"status\":null,\"spec\":{\"type\":\"NodePort\"}}");
        assertThat(patched.json().at("/status/loadBalancer/ingress/0/ip").asText())
                .isEqualTo("192.0.2.1");
        assertThat(patched.json().at("/spec/type").asText()).isEqualTo("NodePort");
        ((ObjectNode) created).putObject("status");
        assertThat(client.put(DEFAULT + "/web/status", created).status()).isEqualTo(409);
    }

    @Test
    void mergePatchReplacesLists() throws Exception {
        client.post(DEFAULT, labelled("web", "app", "web"));
        var patched = client.patch(
                        DEFAULT + "/web",
                        "merge-patch",
                        "{\"metadata\":{\"labels\":{\"app\":null,\"tier\":\"x\"}},\"spec\":{\"ports\":[{\"port\":81}]}}")
                .json();
        assertThat(patched.at("/metadata/labels")).isEqualTo(Json.object().put("tier", "x"));
        assertThat(patched.at("/spec/ports").toString()).isEqualTo("[{\"port\":81}]");
    }

    @Test
    void strategicMergePatchMergesPortsByPort() throws Exception {
        client.post(DEFAULT, service("web"));
        var patched = client.patch(
                        DEFAULT + "/web",
                        "strategic-merge-patch",
                        "{\"spec\":{\"$setElementOrder/ports\":[],\"ports\":[{\"port\":80,\"nodePort\":30080},{\"port\":443}]}}")
                .json();
        assertThat(patched.at("/spec/ports/0/targetPort").asInt()).isEqualTo(8080);
        assertThat(patched.at("/spec/ports/0/nodePort").asInt()).isEqualTo(30080);
        assertThat(patched.at("/spec/ports")).hasSize(2);
        var deleted = client.patch(
                        DEFAULT + "/web",
                        "strategic-merge-patch",
                        "{\"spec\":{\"ports\":[{\"port\":80,\"$patch\":\"delete\"}]}}")
                .json();
        assertThat(deleted.at("/spec/ports").toString()).isEqualTo("[{\"port\":443}]");
        var replaced = client.patch(
                        DEFAULT + "/web",
                        "strategic-merge-patch",
                        "{\"spec\":{\"ports\":[{\"$patch\":\"replace\"},{\"port\":1}]}}")
                .json();
        assertThat(replaced.at("/spec/ports").toString()).isEqualTo("[{\"port\":1}]");
    }

    @Test
    void jsonPatchDoesEachOperationOrNone() throws Exception {
        client.post(DEFAULT, service("web"));
        var patched = client.patch(DEFAULT + "/web", "json-patch", """
                        [{"op":"test","path":"/spec/type","value":"ClusterIP"},
                         {"op":"add","path":"/metadata/labels","value":{"a":"1"}},
                         {"op":"copy","from":"/spec/ports/0","path":"/spec/ports/-"},
                         {"op":"replace","path":"/spec/ports/1/port","value":81},
                         {"op":"move","from":"/metadata/labels/a","path":"/metadata/labels/b"},
                         {"op":"remove","path":"/spec/ports/0/name"}]
                        """).json();
        assertThat(patched.at("/spec/ports/1/port").asInt()).isEqualTo(81);
        assertThat(patched.at("/spec/ports/0").has("name")).isFalse();
        assertThat(patched.at("/metadata/labels")).isEqualTo(Json.object().put("b", "1"));
        long version = server.store().image().resourceVersion();
        for (var operation : new String[] {
            "{\"op\":\"test\",\"path\":\"/spec/type\",\"value\":\"X\"}",
            "{\"op\":\"remove\",\"path\":\"/none\"}",
            "{\"op\":\"add\",\"path\":\"/spec/ports/9\",\"value\":1}",
            "{\"op\":\"add\",\"path\":\"/no/parent\",\"value\":1}",
            "{\"op\":\"add\",\"path\":\"bad\",\"value\":1}",
            "{\"op\":\"add\",\"path\":\"/x\"}",
            "{\"op\":\"dance\",\"path\":\"/x\"}"
        }) {
            var answer = client.patch(
                    DEFAULT + "/web",
                    "json-patch",
                    "[{\"op\":\"add\",\"path\":\"/spec/x\",\"value\":1}," + operation + "]");
            assertThat(answer.status()).as(operation).isEqualTo(400);
        }
        assertThat(server.store().image().resourceVersion()).isEqualTo(version);
        assertThat(client.patch(DEFAULT + "/web", "apply-patch", "{}").status()).isEqualTo(415);
    }

    @Test
    void deletesOneOrASelection() throws Exception {
        client.post(DEFAULT, service("web"));
        client.post(DEFAULT, labelled("red", "color", "red"));
        client.post(DEFAULT, labelled("blue", "color", "blue"));
        var wrongUid =
                client.write("DELETE", DEFAULT + "/web", "application/json", "{\"preconditions\":{\"uid\":\"other\"}}");
        assertThat(wrongUid.status()).isEqualTo(409);
        assertThat(client.delete(DEFAULT + "/web").json().path("status").asText())
                .isEqualTo("Success");
        assertThat(client.delete(DEFAULT + "/web").status()).isEqualTo(404);
        assertThat(client.delete(DEFAULT + "?labelSelector=color%3Dred").names())
                .containsExactly("red");
        assertThat(server.store().get(ResourceTypes.SERVICES, named("blue"))).isPresent();
        assertThat(server.store().get(ResourceTypes.SERVICES, named("red"))).isEmpty();
    }

    @Test
    void hostileNamesAndValuesSurvive() throws Exception {
        var name = "a\"b'c \n-j DROP %2e \u0000 é";
        server.store().create(service(name));
        assertThat(client.get("/api/v1/services").names()).containsExactly(name);
    }
}
