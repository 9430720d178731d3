package io.fairlead.proxy.source;

import static io.fairlead.proxy.source.ScriptedApi.event;
import static io.fairlead.proxy.source.ScriptedApi.json;
import static io.fairlead.proxy.source.ScriptedApi.list;
import static io.fairlead.proxy.source.ScriptedApi.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.fairlead.proxy.source.ApiSource.Pace;
import io.fairlead.proxy.source.ClusterSource.Kind;
import io.fairlead.proxy.source.ScriptedApi.Answer;
import io.fairlead.proxy.source.api.ApiAccess;
import io.fairlead.proxy.source.api.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kube-apiserver does in the course of its life, each in its own words. */
@Timeout(60)
class ApiServerWaysTest {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final String BUSY = """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
             "message":"too many requests, please try again later","reason":"TooManyRequests",
             "details":{"retryAfterSeconds":1},"code":429}""";
    private static final String FORBIDDEN = """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"%s is forbidden: User \"x\" cannot\
             list resource \"%s\" at the cluster scope","reason":"Forbidden","details":{"kind":"%s"},"code":403}""";

    private ScriptedApi api;
    private final RecordingListener listener = new RecordingListener();

    @BeforeEach
    void startApi() throws IOException {
        api = new ScriptedApi(0);
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private ApiSource start() throws Exception {
        var access = new ApiAccess.Anonymous(URI.create("http://127.0.0.1:" + api.port()));
        var source =
                new ApiSource(new ApiClient(access, "test"), "n1", true, new Pace(SOON, SOON, Duration.ofSeconds(30)));
        source.start(listener);
        return source;
    }

    /** Priority and fairness, and a server that is starting. */
    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aServerThatAsksForPatienceIsGivenIt(int status) throws Exception {
        api.then(retryLater(status)).then(list("5", "", service("a", 1)));
        long begin = System.nanoTime();
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aWatchThatIsPutOffGoesOnFromWhereItWas() throws Exception {
        api.then(list("5", "", service("a", 1)))
                .then(retryLater(429))
                .then(api.watch(event("MODIFIED", service("a", 2))));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            assertThat(listener.next()).containsExactly("set Service ns/a");
        }
        api.nextRequest();
        assertThat(api.nextRequest()).contains("resourceVersion=5");
        assertThat(api.nextRequest()).contains("watch=true", "resourceVersion=5");
    }

    /** A server that is behind its store after a restart, an etcd that is, and one that stops. */
    @ParameterizedTest
    @CsvSource({
        "504, Timeout, Too large resource version: 5; current: 3",
        "500, InternalError, etcdserver: leader changed",
        "429, TooManyRequests, storage is (re)initializing"
    })
    void anErrorInsideAWatchThatIsNotGoneLosesNoVersion(int code, String reason, String message) throws Exception {
        api.then(list("5", "", service("a", 1)))
                .then(api.watch(event("ADDED", service("b", 2)), event("ERROR", """
                                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"%s",\
                                "reason":"%s","details":{"causes":[{"reason":"X","message":"y"}]},"code":%d}""".formatted(message, reason, code))))
                .then(api.watch(event("DELETED", service("a", 3))));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            assertThat(listener.next()).containsExactly("set Service ns/b");
            assertThat(listener.next()).containsExactly("deleted Service ns/a");
        }
        api.nextRequest();
        api.nextRequest();
        assertThat(api.nextRequest()).contains("watch=true", "resourceVersion=92");
    }

    /** The token of a list's next page lives for some five minutes; the refusal offers another one, for another version. */
    @Test
    void aListWhoseNextPageHasExpiredBeginsAgain() throws Exception {
        api.then(list("5", "old", service("a", 1)))
                .then(json(410, """
                        {"kind":"Status","apiVersion":"v1","metadata":{"continue":"another"},"status":"Failure",
                         "message":"The provided continue parameter is too old","reason":"Expired","code":410}"""))
                .then(list("8", "", service("a", 1), service("b", 1)));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            assertThat(listener.next()).containsExactly("set Service ns/b");
            listener.awaitSynced();
        }
        api.nextRequest();
        assertThat(api.nextRequest()).contains("continue=old");
        assertThat(api.nextRequest()).doesNotContain("continue");
    }

    @Test
    void bookmarksAndObjectsMayHoldWhatNobodyKnowsYet() throws Exception {
        var object = """
                {"kind":"Service","apiVersion":"v1","metadata":{"namespace":"ns","name":"a","resourceVersion":"6",
                 "managedFields":[{"fieldsV1":{"f:spec":{}}}],"new":[[1,{"x":null}]]},
                 "spec":{"clusterIP":"10.0.0.1","ports":[{"port":1,"new":{"a":[1.5e3,true]}}],"new":{"ports":[]}},
                 "status":{"loadBalancer":{},"conditions":[]},"extra":"ignored"}""";
        api.then(json(200, """
                        {"kind":"ServiceList","apiVersion":"v1","new":{},"items":[%s],
                         "metadata":{"resourceVersion":"5","remainingItemCount":7,"new":1}}""".formatted(object))).then(api.watch(event("BOOKMARK", """
                                {"kind":"Service","apiVersion":"v1","metadata":{"resourceVersion":"77",\
                                "annotations":{"k8s.io/initial-events-end":"true"}},"spec":{"ports":null}}"""), event("DELETED", object)));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            assertThat(listener.next()).containsExactly("deleted Service ns/a");
        }
    }

    /** Servers before Kubernetes 1.31 have no ServiceCIDRs, and some roles do not allow them. */
    @ParameterizedTest
    @ValueSource(ints = {404, 403})
    void serviceCidrsThatAreNotShownHoldNothingUpAndMayComeLater(int status) throws Exception {
        api.always("servicecidrs", status == 404 ? json(404, "404 page not found") : forbidden("servicecidrs"));
        api.then(list("5", "", service("a", 1)));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            listener.awaitSynced();
            api.always("servicecidrs", json(200, """
                    {"kind":"ServiceCIDRList","metadata":{"resourceVersion":"9"},"items":[
                     {"metadata":{"name":"more"},"spec":{"cidrs":["10.97.0.0/16"]}}]}"""));
            assertThat(listener.next()).containsExactly("set ServiceCIDR more");
        }
    }

    @Test
    void oneKindThatIsForbiddenDoesNotKeepTheOthersBackAndCountsForTheFirstRules() throws Exception {
        api.always("endpointslices", forbidden("endpointslices"));
        api.then(list("5", "", service("a", 1)));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            Thread.sleep(200);
            assertThat(listener.synced()).doesNotContain(Kind.ENDPOINT_SLICES);
            api.asUsual("endpointslices");
            listener.awaitSynced();
        }
    }

    /** A balancer or a server that drains: with HTTP/1.1, what GOAWAY is with HTTP/2. */
    @Test
    void connectionsThatEndAfterEachAnswerAreNoLoss() throws Exception {
        api.then(closing(list("5", "", service("a", 1))))
                .then(closing(json(200, event("MODIFIED", service("a", 2)))))
                .then(closing(json(200, event("MODIFIED", service("a", 3)))))
                .then(api.watch(event("DELETED", service("a", 4))));
        try (var source = start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(listener.next()).containsExactly("set Service ns/a");
            }
            assertThat(listener.next()).containsExactly("deleted Service ns/a");
        }
    }

    /** So the server neither compresses nor switches to HTTP/2, and sends JSON. */
    @Test
    void nothingIsAskedForThatCouldNotBeRead() throws Exception {
        var seen = new LinkedBlockingQueue<Headers>();
        api.then(exchange -> {
            seen.add(exchange.getRequestHeaders());
            list("5", "", service("a", 1)).to(exchange);
        });
        try (var source = start()) {
            assertThat(listener.next()).hasSize(1);
        }
        var headers = seen.remove();
        assertThat(headers.getFirst("Accept")).isEqualTo("application/json");
        assertThat(headers).doesNotContainKeys("Accept-encoding", "Upgrade", "Http2-settings");
    }

    private static Answer retryLater(int status) {
        return exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "1");
            json(status, BUSY).to(exchange);
        };
    }

    private static Answer forbidden(String plural) {
        return json(403, FORBIDDEN.formatted(plural, plural, plural));
    }

    private static Answer closing(Answer answer) {
        return exchange -> {
            exchange.getResponseHeaders().add("Connection", "close");
            answer.to(exchange);
        };
    }
}
