package io.fairlead.lab.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.Fault;
import io.fairlead.lab.apiserver.RequestLine;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.source.ApiSource;
import io.fairlead.proxy.source.ClusterSource;
import io.fairlead.proxy.source.Decoded;
import io.fairlead.proxy.source.ObjectDecoder;
import io.fairlead.proxy.source.Origin;
import io.fairlead.proxy.source.api.ApiAccess;
import io.fairlead.proxy.source.api.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API source against a server that stores, pages, watches, compacts and misbehaves. */
@Timeout(120)
class ApiSourceTest {

    private static final ApiSource.Pace QUICK =
            new ApiSource.Pace(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(20));
    private static final String SERVICES = "/api/v1/services";

    @TempDir
    Path dir;

    /** The Services that the changes add up to. */
    private static final class Image implements ClusterSource.Listener {
        final Map<NamespacedName, ClusterChange> services = new ConcurrentHashMap<>();
        final CountDownLatch synced = new CountDownLatch(ClusterSource.Kind.values().length);
        final AtomicInteger smallest = new AtomicInteger(Integer.MAX_VALUE);

        @Override
        public void changed(List<ClusterChange> changes) {
            for (var change : changes) {
                switch (change) {
                    case ClusterChange.ServiceSet(var service) -> services.put(service.name(), change);
                    case ClusterChange.ServiceDeleted(var name) -> services.remove(name);
                    default -> {}
                }
                smallest.accumulateAndGet(services.size(), Math::min);
            }
        }

        @Override
        public void synced(ClusterSource.Kind kind) {
            synced.countDown();
        }
    }

    private ApiSource start(ApiServer server, Image image) throws Exception {
        var kubeconfig = dir.resolve("kubeconfig");
        if (!Files.exists(kubeconfig)) {
            Files.writeString(kubeconfig, server.kubeconfig());
        }
        var client = new ApiClient(ApiAccess.of(Optional.of(kubeconfig), Optional.empty(), Map.of()), "test");
        var source = new ApiSource(client, "n1", true, QUICK);
        source.start(image);
        return source;
    }

    private static ObjectNode service(String name, int port) {
        try {
            return (ObjectNode) new ObjectMapper().readTree("""
                    {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"%s"},
                     "spec":{"clusterIP":"10.96.0.1","type":"ClusterIP","ports":[{"port":%d,"protocol":"TCP"}]}}
                    """.formatted(name, port));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<NamespacedName, ClusterChange> stored(ApiServer server) {
        var expected = new TreeMap<NamespacedName, ClusterChange>();
        for (var object : server.store().image().objects(ResourceTypes.SERVICES)) {
            try {
                var decoded = new ObjectDecoder(new Origin.Api(), _ -> {})
                        .decode(object.toJson().toString());
                if (decoded.orElseThrow() instanceof Decoded.Present(var change)) {
                    expected.put(object.name(), change);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return expected;
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1500 && !condition.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static void eventuallySame(ApiServer server, Image image) throws InterruptedException {
        var expected = stored(server);
        for (int i = 0; i < 1500 && !image.services.equals(expected); i++) {
            Thread.sleep(20);
        }
        assertThat(image.services).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void speaksTlsWithTokensAndWithClientCertificates(boolean certificates) throws Exception {
        var builder = ApiServer.builder().tls();
        try (var server = (certificates ? builder.clientCertificates() : builder.tokens("secret")).start()) {
            for (int i = 0; i < 1203; i++) {
                server.store().put(service("s" + i, 80));
            }
            var image = new Image();
            try (var _ = start(server, image)) {
                assertThat(image.synced.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(image.services).hasSize(1203);
                server.store().put(service("s7", 81));
                eventuallySame(server, image);
            }
        }
    }

    @Test
    void anUnknownAuthorityIsNotTrusted() throws Exception {
        try (var server = ApiServer.builder().tls().tokens("secret").start();
                var other = ApiServer.builder().tls().tokens("secret").start()) {
            Files.writeString(
                    dir.resolve("kubeconfig"), other.kubeconfig().replace(":" + other.port(), ":" + server.port()));
            var image = new Image();
            try (var _ = start(server, image)) {
                assertThat(image.synced.await(1, TimeUnit.SECONDS)).isFalse();
                Files.writeString(dir.resolve("kubeconfig"), server.kubeconfig());
                assertThat(image.synced.await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void aTokenRevokedAndRotatedIsReplaced() throws Exception {
        try (var server = ApiServer.builder().tls().tokens("old").start()) {
            server.store().put(service("a", 1));
            var image = new Image();
            try (var _ = start(server, image)) {
                assertThat(image.synced.await(30, TimeUnit.SECONDS)).isTrue();
                server.authentication().addToken("new");
                server.authentication().revokeToken("old");
                server.watches().close();
                server.store().put(service("a", 2));
                Thread.sleep(300);
                Files.writeString(dir.resolve("kubeconfig"), server.kubeconfig("new"));
                eventuallySame(server, image);
            }
        }
    }

    @Test
    void aServerKilledAndReplacedIsFollowedWithoutAnEmptyMoment() throws Exception {
        try (var server = ApiServer.builder().start()) {
            for (int i = 0; i < 20; i++) {
                server.store().put(service("s" + i, 80));
            }
            var image = new Image();
            try (var _ = start(server, image)) {
                assertThat(image.synced.await(30, TimeUnit.SECONDS)).isTrue();
                image.smallest.set(image.services.size());
                server.stop();
                Thread.sleep(300);
                var successor = server.store().successor();
                successor.load(server.store().image().objects(ResourceTypes.SERVICES).stream()
                        .limit(15)
                        .map(object -> service(object.name().name(), 81))
                        .toList());
                server.restart(successor);
                eventuallySame(server, image);
                assertThat(image.smallest.get()).isGreaterThanOrEqualTo(15);
            }
        }
    }

    @Test
    void anEndlessListIsNoticedAndTheNextOneUsed() throws Exception {
        try (var server = ApiServer.builder().start()) {
            server.store().put(service("a", 1));
            server.faults().times(20, RequestLine.listOf(SERVICES), new Fault.EndlessList());
            var image = new Image();
            try (var _ = start(server, image)) {
                assertThat(image.synced.await(30, TimeUnit.SECONDS)).isTrue();
                eventuallySame(server, image);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverHappensTheImageBecomesTheServersContent(long seed) throws Exception {
        var random = new Random(seed);
        try (var server = ApiServer.builder()
                .bookmarksEvery(Duration.ofMillis(50))
                .watchesLast(Duration.ofSeconds(2))
                .start()) {
            var image = new Image();
            try (var _ = start(server, image)) {
                for (int i = 0; i < 400; i++) {
                    change(server, random);
                    if (random.nextInt(20) == 0) {
                        disturb(server, random);
                    }
                    Thread.sleep(random.nextInt(5));
                }
                server.faults().clear();
                assertThat(image.synced.await(30, TimeUnit.SECONDS)).isTrue();
                eventuallySame(server, image);
                eventually(() -> server.watches().count() == ClusterSource.Kind.values().length);
            }
        }
    }

    private static void change(ApiServer server, Random random) {
        var name = "s" + random.nextInt(30);
        var known = server.store().get(ResourceTypes.SERVICES, new NamespacedName("default", name));
        if (known.isPresent() && random.nextInt(3) == 0) {
            server.store().delete(ResourceTypes.SERVICES, known.get().name());
            return;
        }
        var service = service(name, 1 + random.nextInt(100));
        if (random.nextInt(5) == 0) {
            ((ObjectNode) service.get("metadata"))
                    .putObject("labels")
                    .put("service.kubernetes.io/service-proxy-name", "other");
        }
        server.store().put(service);
    }

    private static void disturb(ApiServer server, Random random) throws IOException {
        switch (random.nextInt(10)) {
            case 0 -> server.watches().close();
            case 1 -> server.watches().truncate();
            case 2 -> server.watches().send("<html>\n");
            case 3 -> server.watches().expire();
            case 4 -> {
                server.store().compact();
                server.watches().close();
            }
            case 5 -> server.restart();
            case 6 -> server.faults().times(2, RequestLine.listOf(SERVICES), Fault.garbage());
            case 7 -> server.faults().times(1, RequestLine.watchOf(SERVICES), Fault.html());
            case 8 -> server.faults().times(1, RequestLine.under(SERVICES), Fault.gone());
            default -> server.faults().times(2, RequestLine.under(SERVICES), new Fault.Disconnect());
        }
    }
}
