package io.fairlead.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Request;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectPagesTest {

    private static final int SERVICES = 1201;

    private final LiveState live = new LiveState(InstantSource.system());
    private final InspectPages pages = pages();

    private InspectPages pages() {
        var changes = new ArrayList<ClusterChange>();
        for (int i = 0; i < SERVICES; i++) {
            changes.add(new ClusterChange.ServiceSet(service(i)));
        }
        live.changed(ClusterImage.EMPTY, changes);
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        changes.forEach(delta::replay);
        var table = new Router(IpFamily.IPV4, "node-1", true).route(delta.apply());
        live.starting(Set.of(IpFamily.IPV4));
        live.synced(
                IpFamily.IPV4,
                table,
                table.services().keySet(),
                new SyncResult(true, 10, 0, 0, false, List.of(), List.of()),
                Duration.ofMillis(1));
        var inspection = new Inspection(
                "0.1",
                ProxyConfig.DEFAULT.withPlatformDefaults(),
                "node-1",
                live,
                InstantSource.system(),
                () -> List.of(IpAddress.parse("192.168.0.2")),
                List::of);
        inspection.writing(List.of(new Inspection.Family(new AlteredKernel(), RuleTracer.NONE)));
        return new InspectPages(inspection);
    }

    private static Service service(int i) {
        return new Service(
                new NamespacedName("default", "s%05d".formatted(i)),
                List.of(IpAddress.v4(0x0a600000 + i + 1)),
                List.of(new ServicePort("http", Protocol.TCP, 80, i == 0 ? 30080 : 0)),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                false,
                0);
    }

    private static Request get(String target, Map<String, String> headers) {
        var plain = Request.get(target);
        return new Request("GET", plain.path(), plain.query(), headers, "");
    }

    private Answer ask(String target) {
        return pages.answer(get(target, Map.of("host", "127.0.0.1:10247")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/state",
                "/v1/services",
                "/v1/history",
                "/v1/plan",
                "/v1/audit",
                "/v1/plan?mode=nftables",
                "/v1/explain?from=pod&to=default/s00001"
            })
    void everyPageIsJsonThatNobodyElseMayKeepOrEmbed(String target) throws IOException {
        var answer = ask(target);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Cache-Control", "no-store")
                .doesNotContainKey("Access-Control-Allow-Origin");
        try (var json = new JsonFactory().createParser(answer.body())) {
            while (json.nextToken() != null) {
                json.getText();
            }
        }
        assertThat(ask(target + (target.contains("?") ? "&" : "?") + "output=text")
                        .headers())
                .containsEntry("Content-Type", Answer.TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:10247, 200",
        "localhost, 200",
        "LOCALHOST:10247, 200",
        "[::1]:10247, 200",
        "192.168.0.2:10247, 200",
        "evil.example, 403",
        "evil.example:10247, 403",
        "127.0.0.1.evil.example, 403",
        "'', 403",
        "localhost:x, 403"
    })
    void onlyAddressesAndLocalhostAreAnswered(String host, int status) {
        assertThat(pages.answer(get("/v1/state", Map.of("host", host))).status())
                .isEqualTo(status);
    }

    @Test
    void scriptsOfOtherSitesGetNothing() {
        var headers = Map.of("host", "127.0.0.1", "sec-fetch-site", "cross-site");
        assertThat(pages.answer(get("/v1/state", headers)).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void onlyReadingIsAllowed(String method) {
        var answer = pages.answer(new Request(method, "/v1/state", "", Map.of("host", "localhost"), ""));
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "GET, HEAD");
    }

    /** What the page asks for: at 10,000 Services the endpoints themselves would be most of the answer. */
    @Test
    void aLongListMayHaveEndpointsAsNumbers() throws IOException {
        var counted = ask("/v1/services?endpoints=counts&limit=1").body();

        assertThat(counted)
                .contains("\"endpointCounts\":{", "\"all\":", "\"ready\":", "\"used\":")
                .doesNotContain("\"endpoints\":");
        assertThat(ask("/v1/services?limit=1").body())
                .contains("\"endpoints\":[")
                .doesNotContain("endpointCounts");
    }

    @Test
    void theStateSaysWhichChangeWasTheLast() throws IOException {
        assertThat(ask("/v1/state").body()).contains("\"changes\":1,");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/services?limit=0, limit",
        "/v1/services?limit=-1, limit",
        "/v1/services?after=x, NAMESPACE/NAME",
        "/v1/services?at=yesterday, time",
        "/v1/services?at=2001-01-01T00:00:00Z, is not kept",
        "/v1/explain?from=pod, to",
        "/v1/explain?from=nobody&to=default/s00001, sender",
        "/v1/explain?from=pod&to=default/none, no Service",
        "/v1/explain?from=pod&to=10.96.0.1, destination",
        "/v1/explain?from=pod&to=10.96.0.1:99999, destination",
        "/v1/explain?from=2001:db8::1&to=10.96.0.1:80, families"
    })
    void aWrongQuestionIsToldWhatIsWrong(String target, String word) {
        var answer = ask(target);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(word);
    }

    @Test
    void allServicesComeInPages() throws IOException {
        var seen = new HashSet<String>();
        var next = "";
        int pageCount = 0;
        do {
            var body = ask("/v1/services?after=" + next).body();
            next = "";
            pageCount++;
            try (var json = new JsonFactory().createParser(body)) {
                while (json.nextToken() != null) {
                    if ("clusterIP".equals(json.currentName())) {
                        seen.add(json.getText());
                    } else if ("next".equals(json.currentName())) {
                        next = json.getText();
                    }
                }
            }
        } while (!next.isEmpty());
        assertThat(pageCount).isEqualTo(3);
        assertThat(seen).hasSize(SERVICES + 1); // and the name of the field
    }

    @Test
    void findingsAreToldAndNothingInThemSteersATerminal() {
        assertThat(ask("/v1/audit").headers()).containsEntry(InspectPages.CLEAN, "false");
        var text = ask("/v1/audit?output=text").body();
        assertThat(text)
                .contains(
                        "altered in nat KUBE-SERVICES (default/s00001)", "found:    evil\\u001b[2J", "node port 30080");
        assertThat(ask("/v1/plan?output=text").body())
                .contains("default/s00001:", "- evil\\u001b[2J", "+ -A KUBE-SERVICES right");
    }

    @Test
    void nftablesModeTakesNodePortsFromLocalhost() {
        assertThat(ask("/v1/plan?mode=nftables&output=text").body())
                .contains("default/s00000:http:", "no longer answers on localhost");
    }

    /** One rule is not what it was. */
    private static final class AlteredKernel implements Dataplane {

        @Override
        public IpFamily family() {
            return IpFamily.IPV4;
        }

        @Override
        public SyncResult apply(RoutingTable desired, Set<NamespacedName> changed, boolean full) {
            throw new AssertionError("the inspection server only reads");
        }

        @Override
        public int differences(RoutingTable desired) {
            return 1;
        }

        @Override
        public void audit(RoutingTable desired, Consumer<Finding> findings) {
            findings.accept(Finding.altered(
                    "nat KUBE-SERVICES",
                    java.util.Optional.of(new NamespacedName("default", "s00001")),
                    "-A KUBE-SERVICES right",
                    "evil\u001b[2J"));
        }

        @Override
        public Set<String> flushed() {
            return Set.of();
        }
    }
}
