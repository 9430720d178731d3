package io.fairlead.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.RandomCluster;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A cluster that changes at random, and one family's dataplane that follows it into some kernel. */
final class NftSyncRun {

    private static final List<IpAddress> MACHINE =
            List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("192.168.0.2"), IpAddress.parse("fd00:aa::2"));

    private final RandomCluster cluster;
    private final KernelTable kernel;
    private final NftSettings settings;
    private final NftablesDataplane dataplane;
    private final Router router;
    private final HashSet<NamespacedName> pending = new HashSet<>();
    private ClusterImage image = ClusterImage.EMPTY;
    private RoutingTable desired;
    private boolean full = true;
    private long now;
    private Optional<SyncResult> last = Optional.empty();

    NftSyncRun(long seed, IpFamily family, KernelTable kernel) {
        this.kernel = kernel;
        cluster = new RandomCluster(seed);
        settings = settings(family);
        dataplane = new NftablesDataplane(kernel, settings, () -> MACHINE, () -> now);
        router = new Router(family, RandomCluster.THIS_NODE, true);
        desired = RoutingTable.empty(family);
    }

    static NftSettings settings(IpFamily family) {
        var config = ProxyConfig.DEFAULT.withPlatformDefaults();
        var nodeIps = NodeIps.detect("0.0.0.0", List.of(MACHINE.get(1), MACHINE.get(2)));
        return NftSettings.of(config, nodeIps, List.of(), family);
    }

    /** Another process that finds what this one has written. */
    NftablesDataplane restarted() {
        return new NftablesDataplane(kernel, settings, () -> MACHINE, () -> now);
    }

    RoutingTable desired() {
        return desired;
    }

    void change() {
        change(cluster.changes());
    }

    void change(List<ClusterChange> changes) {
        now += 700_000_000;
        var delta = new ClusterDelta(image);
        changes.forEach(delta::replay);
        image = delta.apply();
        var update = router.update(desired, image, delta.touchedServices());
        desired = update.table();
        pending.addAll(update.changed());
    }

    List<Finding> audit() throws DataplaneException {
        var findings = new ArrayList<Finding>();
        dataplane.audit(desired, findings::add);
        return findings;
    }

    SyncResult syncFully() throws DataplaneException {
        full = true;
        return sync();
    }

    SyncResult sync() throws DataplaneException {
        var result = dataplane.apply(desired, pending, full);
        last = Optional.of(result);
        pending.clear();
        full = false;
        return result;
    }

    /** The dataplane itself must know that it knows nothing after a failure: it is not told to sync in full. */
    void syncUntilItWorks() {
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                sync();
                return;
            } catch (DataplaneException e) {
                full = false;
            }
        }
        throw new AssertionError("three attempts failed, although one commit only was to");
    }

    /** A table in which the routing of now was written at once. */
    ModelTable written() throws DataplaneException {
        var fresh = new ModelTable();
        new NftablesDataplane(fresh, settings, () -> MACHINE, () -> now).apply(desired, new HashSet<>(), true);
        return fresh;
    }

    /** Keys of places that several Service ports claim: who has them depends on who came first. */
    Set<Data> contested() {
        var claims = new HashMap<Data, Integer>();
        for (var ports : desired.services().values()) {
            for (var port : ports) {
                PortPlanner.plan(port, settings)
                        .claims()
                        .keySet()
                        .forEach(place -> claims.merge(place.key(), 1, Integer::sum));
            }
        }
        claims.values().removeIf(count -> count == 1);
        return claims.keySet();
    }

    SyncResult last() {
        return last.orElseThrow();
    }

    void assertNothingDiffers() throws DataplaneException {
        assertThat(dataplane.differences(desired)).isZero();
    }
}
