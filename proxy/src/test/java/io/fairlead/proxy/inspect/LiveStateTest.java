package io.fairlead.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.RandomCluster;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveStateTest {

    private static final Instant BEGIN = Instant.parse("2026-01-31T12:00:00Z");
    private static final SyncResult WROTE = new SyncResult(false, 4, 2, 1, false, List.of(), List.of());

    private Instant now = BEGIN;
    private final LiveState live = new LiveState(() -> now);

    @Test
    void theImageIsTheOneAfterTheLastChanges() {
        var cluster = new RandomCluster(7);
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        for (int i = 0; i < 20; i++) {
            var before = delta.apply();
            var changes = cluster.changes();
            live.changed(before, changes);
            changes.forEach(delta::replay);
            assertThat(live.image()).isEqualTo(delta.apply());
        }
    }

    @Test
    void whatTheKernelHeldIsKnownForEveryMomentThatIsKept() {
        var tables = tables(50);
        for (var table : tables) {
            live.synced(IpFamily.IPV4, table, Set.of(new NamespacedName("ns", "web")), WROTE, Duration.ofMillis(3));
            now = now.plusSeconds(1);
        }
        for (int i = 0; i < tables.size(); i++) {
            var between = BEGIN.plusSeconds(i).plusMillis(500);
            assertThat(live.history().at(between, IpFamily.IPV4)).contains(tables.get(i));
        }
        assertThat(live.history().at(BEGIN.minusSeconds(1), IpFamily.IPV4)).isEmpty();
        assertThat(live.history().since()).contains(BEGIN);
    }

    @Test
    void theLastThousandChangesAreKeptTheNewestFirst() {
        var table = tables(1).getFirst();
        for (int i = 0; i < 2500; i++) {
            live.synced(IpFamily.IPV4, table, Set.of(new NamespacedName("ns", "s" + i)), WROTE, Duration.ofMillis(3));
        }
        var changes = live.history().newest(Integer.MAX_VALUE);
        assertThat(changes).hasSize(History.CHANGES);
        assertThat(changes.getFirst().services()).containsExactly(new NamespacedName("ns", "s2499"));
        assertThat(changes.getFirst().number()).isEqualTo(2500);
    }

    /** A change of everything again and again must not keep everything again and again. */
    @Test
    void oldTablesGoWhenTheyHoldTooMuch() {
        var all = new ArrayList<NamespacedName>();
        for (int i = 0; i < 5000; i++) {
            all.add(new NamespacedName("ns", "s" + i));
        }
        var tables = tables(20);
        for (var table : tables) {
            live.synced(IpFamily.IPV4, table, Set.copyOf(all), WROTE, Duration.ofMillis(3));
            now = now.plusSeconds(1);
        }
        assertThat(live.history().since().orElseThrow()).isAfter(BEGIN.plusSeconds(17));
        assertThat(live.history().at(now, IpFamily.IPV4)).contains(tables.getLast());
    }

    @Test
    void aFailureIsToldUntilASyncSucceeds() {
        live.starting(Set.of(IpFamily.IPV4));
        live.queued(IpFamily.IPV4);
        live.started(IpFamily.IPV4);
        live.failed(
                IpFamily.IPV4,
                true,
                new DataplaneException("iptables-restore: refused", new IOException()),
                Duration.ZERO);
        assertThat(live.progress().get(IpFamily.IPV4)).satisfies(progress -> {
            assertThat(progress.failures()).isEqualTo(1);
            assertThat(progress.lastFailure()).contains("refused");
            assertThat(progress.pendingSince()).contains(BEGIN);
        });
        live.started(IpFamily.IPV4);
        live.synced(IpFamily.IPV4, tables(1).getFirst(), Set.of(), WROTE, Duration.ofMillis(3));
        assertThat(live.progress().get(IpFamily.IPV4)).satisfies(progress -> {
            assertThat(progress.failures()).isZero();
            assertThat(progress.pendingSince()).isEmpty();
        });
    }

    private static List<RoutingTable> tables(int count) {
        var cluster = new RandomCluster(3);
        var router = new Router(IpFamily.IPV4, RandomCluster.THIS_NODE, true);
        var tables = new ArrayList<RoutingTable>();
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        while (tables.size() < count) {
            cluster.changes().forEach(delta::replay);
            tables.add(router.route(delta.apply()));
        }
        return tables;
    }
}
