package io.fairlead.lab.apiserver;

import static io.fairlead.lab.apiserver.Services.DEFAULT;
import static io.fairlead.lab.apiserver.Services.labelled;
import static io.fairlead.lab.apiserver.Services.named;
import static io.fairlead.lab.apiserver.Services.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListTest {

    private static final String SERVICES = "/api/v1/services";

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
    void listsCarryTheKindOnceAndObjectsCarryItThemselves() throws Exception {
        server.store().create(service("a"));
        var list = client.get(SERVICES).json();
        assertThat(list.path("kind").asText()).isEqualTo("ServiceList");
        assertThat(list.at("/items/0").has("kind")).isFalse();
        assertThat(list.at("/items/0/spec/clusterIP").asText()).isEqualTo("10.96.0.7");
        var object = client.get(DEFAULT + "/a").json();
        assertThat(object.path("kind").asText()).isEqualTo("Service");
        assertThat(object.path("apiVersion").asText()).isEqualTo("v1");
        assertThat(object.at("/metadata/resourceVersion")).isEqualTo(list.at("/metadata/resourceVersion"));
    }

    @Test
    void emptyListsHaveItems() throws Exception {
        assertThat(client.get(SERVICES).text()).contains("\"items\":[]");
    }

    @Test
    void namespacesSeparate() throws Exception {
        server.store().create(service("b", "x"));
        server.store().create(service("a", "x"));
        server.store().create(service("a-b", "y"));
        assertThat(client.get("/api/v1/namespaces/a/services").names()).containsExactly("x");
        assertThat(client.get(SERVICES).names()).containsExactly("x", "y", "x");
        assertThat(client.get("/api/v1/namespaces/c/services").names()).isEmpty();
        assertThat(client.get("/api/v1/namespaces/c/services/x")
                        .json()
                        .path("message")
                        .asText())
                .isEqualTo("services \"x\" not found");
    }

    @Test
    void pagesShowTheVersionOfTheFirst() throws Exception {
        for (var name : new String[] {"a", "b", "c", "d", "e"}) {
            server.store().create(service(name));
        }
        var first = client.get(SERVICES + "?limit=2");
        server.store().delete(ResourceTypes.SERVICES, named("c"));
        server.store().create(service("aa"));
        server.store().put(labelled("e", "changed", "yes"));
        var second = client.get(SERVICES + "?limit=2&continue=" + token(first));
        var third = client.get(SERVICES + "?limit=2&continue=" + token(second));
        assertThat(first.names()).containsExactly("a", "b");
        assertThat(first.json().at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
        assertThat(second.names()).containsExactly("c", "d");
        assertThat(third.names()).containsExactly("e");
        assertThat(third.json().at("/items/0/metadata").has("labels")).isFalse();
        assertThat(third.json().at("/metadata").has("continue")).isFalse();
        assertThat(third.json().at("/metadata/resourceVersion"))
                .isEqualTo(first.json().at("/metadata/resourceVersion"));
    }

    @Test
    void anExpiredContinueTokenIsGone() throws Exception {
        server.store().create(service("a"));
        server.store().create(service("b"));
        var first = client.get(SERVICES + "?limit=1");
        server.store().create(service("c"));
        server.store().compact();
        var second = client.get(SERVICES + "?limit=1&continue=" + token(first));
        assertThat(second.status()).isEqualTo(410);
        assertThat(second.reason()).isEqualTo("Expired");
        assertThat(client.get(SERVICES + "?limit=1&continue=nonsense").status()).isEqualTo(400);
    }

    @Test
    void versionsAreExactOrNotOlder() throws Exception {
        var old = server.store().create(service("a")).resourceVersion();
        server.store().create(service("b"));
        assertThat(client.get(SERVICES + "?resourceVersion=" + old).names()).hasSize(2);
        assertThat(client.get(SERVICES + "?resourceVersion=0&limit=1").names()).hasSize(2);
        assertThat(client.get(SERVICES + "?resourceVersion=" + old + "&limit=5").names())
                .hasSize(1);
        assertThat(client.get(SERVICES + "?resourceVersionMatch=Exact&resourceVersion=" + old)
                        .names())
                .hasSize(1);
        assertThat(client.get(SERVICES + "?resourceVersionMatch=Exact").status())
                .isEqualTo(400);
        assertThat(client.get(SERVICES + "?resourceVersion=x").status()).isEqualTo(400);
        var future = client.get(SERVICES + "?resourceVersion=999999");
        assertThat(future.status()).isEqualTo(504);
        assertThat(future.json().at("/details/causes/0/reason").asText()).isEqualTo("ResourceVersionTooLarge");
        server.store().compact();
        assertThat(client.get(SERVICES + "?resourceVersionMatch=Exact&resourceVersion=" + old)
                        .status())
                .isEqualTo(410);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!service.kubernetes.io/service-proxy-name,!service.kubernetes.io/headless | plain blue",
                "service.kubernetes.io/service-proxy-name | foreign",
                "color=blue | blue",
                "color==blue | blue",
                "color!=blue | plain headless foreign",
                "color in (red, blue),color | blue",
                "color notin (blue) | plain headless foreign",
                "service.kubernetes.io/headless= | headless",
            })
    void labelSelectors(String selector, String expected) throws Exception {
        fill();
        assertThat(client.get(SERVICES + "?labelSelector=" + encoded(selector)).names())
                .containsExactlyInAnyOrder(expected.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spec.clusterIP!=None | plain blue foreign",
                "spec.clusterIP=None | headless",
                "metadata.name=blue | blue",
                "metadata.name!=blue,metadata.namespace=default,spec.type==ClusterIP | plain headless foreign",
                "spec.externalName= | plain headless foreign blue",
            })
    void fieldSelectors(String selector, String expected) throws Exception {
        fill();
        assertThat(client.get(SERVICES + "?fieldSelector=" + encoded(selector)).names())
                .containsExactlyInAnyOrder(expected.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"labelSelector | a=b=c", "labelSelector | in (x", "fieldSelector | =x"})
    void unreadableSelectorsAreRefusedByName(String parameter, String selector) throws Exception {
        var answer = client.get(SERVICES + "?" + parameter + "=" + encoded(selector));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("message").asText()).contains(parameter).contains(selector);
    }

    @Test
    void discoveryNamesWhatIsServed() throws Exception {
        assertThat(client.get("/version").json().path("minor").asText()).isEqualTo("36");
        assertThat(client.get("/readyz").text()).isEqualTo("ok");
        assertThat(client.get("/api").json().at("/versions/0").asText()).isEqualTo("v1");
        assertThat(client.get("/apis").text()).contains("discovery.k8s.io/v1");
        assertThat(client.get("/api/v1").text()).contains("\"services/status\"");
        assertThat(client.get("/apis/discovery.k8s.io/v1")
                        .json()
                        .at("/resources/0/name")
                        .asText())
                .isEqualTo("endpointslices");
        for (var path : new String[] {"/", "/apis/none.example/v1", "/api/v1/unknowns", "/api/v1/services/x"}) {
            assertThat(client.get(path).status()).as(path).isEqualTo(404);
        }
    }

    private void fill() {
        server.store().create(service("plain"));
        server.store().create(labelled("blue", "color", "blue"));
        server.store().create(labelled("foreign", "service.kubernetes.io/service-proxy-name", "other"));
        var headless = labelled("headless", "service.kubernetes.io/headless", "");
        headless.withObjectProperty("spec").put("clusterIP", "None");
        server.store().create(headless);
    }

    private static String token(TestClient.Answer page) throws IOException {
        return page.json().at("/metadata/continue").asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
