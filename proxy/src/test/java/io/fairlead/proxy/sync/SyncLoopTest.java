package io.fairlead.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.source.ClusterSource.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SyncLoopTest {

    private static final String NODE = "node-1";
    private static final NamespacedName WEB = new NamespacedName("default", "web");
    private static final NamespacedName DNS = new NamespacedName("kube-system", "dns");

    private final RecordingDataplane v4 = new RecordingDataplane(IpFamily.IPV4);
    private final RecordingDataplane v6 = new RecordingDataplane(IpFamily.IPV6);
    private final LinkedBlockingQueue<Optional<Node>> starts = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<IpFamily> synced = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<IpFamily> failed = new LinkedBlockingQueue<>();
    private SyncLoop loop = loop(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(30));

    @AfterEach
    void stop() {
        loop.close();
        v4.letGo();
        v6.letGo();
    }

    @Test
    void nothingIsWrittenBeforeServicesSlicesAndTheNodeAreKnown() throws InterruptedException {
        loop.changed(List.of(new ClusterChange.ServiceSet(service(WEB, 10))));
        loop.synced(Kind.SERVICES);
        loop.synced(Kind.ENDPOINT_SLICES);
        loop.synced(Kind.SERVICE_CIDRS);
        loop.synced(Kind.NODE); // the watch works, but the Node is not there yet
        Thread.sleep(100);
        assertThat(starts).isEmpty();
        loop.changed(List.of(new ClusterChange.NodeSet(node("zone-a"))));
        assertThat(starts.poll(5, TimeUnit.SECONDS)).contains(node("zone-a"));
        awaitSyncs(2);
        assertThat(v4.calls()).singleElement().satisfies(call -> {
            assertThat(call.full()).isTrue();
            assertThat(call.desired().services()).containsOnlyKeys(WEB);
        });
    }

    @Test
    void aNodeThatNeverComesIsWaitedForOnlySoLong() throws InterruptedException {
        loop.close();
        loop = loop(Duration.ZERO, Duration.ofSeconds(30), Duration.ofMillis(50));
        for (var kind : Kind.values()) {
            loop.synced(kind);
        }
        assertThat(starts.poll(5, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
        awaitSyncs(2);
    }

    @Test
    void anOrdinaryChangeIsWrittenAloneAndOnlyForItsFamily() throws InterruptedException {
        startWith(service(WEB, 10));
        loop.changed(List.of(new ClusterChange.ServiceSet(service(DNS, 11))));
        awaitSyncs(1);
        assertThat(v4.calls().getLast().changed()).containsExactly(DNS);
        assertThat(v4.calls().getLast().full()).isFalse();
        assertThat(v6.calls()).hasSize(1);
    }

    @Test
    void aChangeThatChangesNothingIsNotASync() throws InterruptedException {
        startWith(service(WEB, 10));
        loop.changed(List.of(new ClusterChange.ServiceSet(service(WEB, 10)), new ClusterChange.ServiceDeleted(DNS)));
        loop.changed(List.of(new ClusterChange.NodeSet(node("zone-a"))));
        assertThat(synced.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aFailedSyncIsTriedAgainWithAllItsWorkAndInFull() throws InterruptedException {
        loop.close();
        loop = loop(Duration.ZERO, Duration.ofMillis(200), Duration.ofSeconds(30));
        startWith(service(WEB, 10));
        v4.failNext(2);
        loop.changed(List.of(new ClusterChange.ServiceSet(service(DNS, 11))));
        assertThat(failed.poll(5, TimeUnit.SECONDS)).isEqualTo(IpFamily.IPV4);
        assertThat(failed.poll(5, TimeUnit.SECONDS)).isEqualTo(IpFamily.IPV4);
        awaitSyncs(1);
        var last = v4.calls().getLast();
        assertThat(last.full()).isTrue();
        assertThat(last.changed()).contains(DNS);
        assertThat(last.desired().services()).containsOnlyKeys(WEB, DNS);
    }

    @Test
    void aSlowFamilyHoldsUpNeitherTheOtherNorTheIntake() throws InterruptedException {
        startWith(service(WEB, 10));
        v4.hold();
        loop.changed(List.of(new ClusterChange.ServiceSet(dualStack(DNS, 11))));
        assertThat(synced.poll(5, TimeUnit.SECONDS)).isEqualTo(IpFamily.IPV6);
        loop.changed(List.of(new ClusterChange.ServiceSet(dualStack(DNS, 12))));
        loop.changed(List.of(new ClusterChange.ServiceSet(dualStack(DNS, 13))));
        await(() -> v6.calls()
                        .getLast()
                        .desired()
                        .services()
                        .get(DNS)
                        .getFirst()
                        .clusterIp()
                        .low()
                == 13);
        v4.letGo();
        await(() -> v4.calls().size() == 3);
        assertThat(v4.calls().getLast().desired().portsOf(DNS).getFirst().clusterIp())
                .isEqualTo(IpAddress.parse("10.96.0.13"));
    }

    @Test
    void changesWithinTheMinimumPeriodAreWrittenTogether() throws InterruptedException {
        loop.close();
        loop = loop(Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ofSeconds(30));
        startWith(service(WEB, 10));
        for (int i = 0; i < 20; i++) {
            loop.changed(List.of(new ClusterChange.ServiceSet(service(DNS, 11 + i))));
        }
        awaitSyncs(1);
        assertThat(v4.calls()).hasSize(2);
        assertThat(v4.calls().getLast().desired().portsOf(DNS).getFirst().clusterIp())
                .isEqualTo(IpAddress.parse("10.96.0.30"));
    }

    @Test
    void aFlushedTableIsMendedByAFullSync() throws InterruptedException {
        loop.close();
        loop = loop(Duration.ZERO, Duration.ofMillis(50), Duration.ofSeconds(30));
        startWith(service(WEB, 10));
        v4.flush("nat");
        awaitSyncs(1);
        assertThat(v4.calls().getLast().full()).isTrue();
    }

    @Test
    void aNodeThatMovesToAnotherZoneReroutesEverything() throws InterruptedException {
        startWith(service(WEB, 10));
        loop.changed(List.of(new ClusterChange.NodeSet(node("zone-b")), new ClusterChange.ServiceDeleted(WEB)));
        awaitSyncs(1);
        assertThat(v4.calls().getLast().desired().services()).isEmpty();
    }

    private void startWith(Service service) throws InterruptedException {
        loop.changed(List.of(new ClusterChange.NodeSet(node("zone-a")), new ClusterChange.ServiceSet(service)));
        for (var kind : Kind.values()) {
            loop.synced(kind);
        }
        awaitSyncs(2);
    }

    private void awaitSyncs(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertThat(synced.poll(5, TimeUnit.SECONDS))
                    .as("sync %s of %s", i + 1, count)
                    .isNotNull();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private SyncLoop loop(Duration minSyncPeriod, Duration syncPeriod, Duration nodeWait) {
        var settings = new SyncSettings(
                NODE, minSyncPeriod, syncPeriod, SyncSettings.FULL_SYNC_PERIOD, new NodeWait(nodeWait, Duration.ZERO));
        return new SyncLoop(
                settings,
                node -> {
                    starts.add(node);
                    return List.of(
                            new SyncLoop.Family(new Router(IpFamily.IPV4, NODE, true), v4),
                            new SyncLoop.Family(new Router(IpFamily.IPV6, NODE, true), v6));
                },
                new SyncListener() {
                    @Override
                    public void synced(
                            IpFamily family,
                            RoutingTable applied,
                            Set<NamespacedName> changed,
                            SyncResult result,
                            Duration duration) {
                        synced.add(family);
                    }

                    @Override
                    public void failed(IpFamily family, boolean full, DataplaneException failure, Duration duration) {
                        failed.add(family);
                    }
                });
    }

    private static Node node(String zone) {
        return new Node(NODE, List.of(IpAddress.parse("192.168.0.2")), List.of(), Optional.of(zone));
    }

    private static Service service(NamespacedName name, int number) {
        return service(name, List.of(IpAddress.parse("10.96.0." + number)));
    }

    private static Service dualStack(NamespacedName name, int number) {
        return service(
                name,
                List.of(
                        IpAddress.parse("10.96.0." + number),
                        new IpAddress(IpFamily.IPV6, 0xfd00_0096_0000_0000L, number)));
    }

    private static Service service(NamespacedName name, List<IpAddress> clusterIps) {
        return new Service(
                name,
                clusterIps,
                List.of(new ServicePort("", Protocol.TCP, 80, 0)),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                false,
                0);
    }
}
