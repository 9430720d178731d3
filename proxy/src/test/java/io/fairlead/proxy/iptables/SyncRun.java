package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A cluster that changes at random, and one family's dataplane that follows it into some kernel. */
final class SyncRun {

    private final RandomCluster cluster;
    private final Supplier<Ruleset> kernel;
    private final IptablesDataplane dataplane;
    private final RuleSettings settings;
    private final Router router;
    private final HashSet<NamespacedName> pending = new HashSet<>();
    private ClusterImage image = ClusterImage.EMPTY;
    private RoutingTable desired;
    private boolean full = true;
    private Optional<SyncResult> last = Optional.empty();

    /**
     * A run whose cluster follows from the seed.
     *
     * @param runner how the iptables programs are run
     * @param kernel what is there now
     * @param counters whether the kernel has nfacct counters
     */
    SyncRun(long seed, IpFamily family, CommandRunner runner, Supplier<Ruleset> kernel, boolean counters) {
        this.kernel = kernel;
        cluster = new RandomCluster(seed);
        var config = ProxyConfig.DEFAULT.withPlatformDefaults();
        var nodeIps = NodeIps.detect("0.0.0.0", List.of(IpAddress.parse("192.168.0.2")));
        settings =
                RuleSettings.of(config, nodeIps, List.of(), family, true, true).withCounters(counters, counters);
        dataplane = new IptablesDataplane(Iptables.probe(family, runner), settings, facts(counters));
        router = new Router(family, RandomCluster.THIS_NODE, true);
        desired = RoutingTable.empty(family);
    }

    private static LocalFacts facts(boolean counters) {
        return new LocalFacts() {
            @Override
            public boolean ensureCounter(String name) {
                return counters;
            }

            @Override
            public List<IpAddress> addresses() {
                return List.of(IpAddress.parse("192.168.0.2"));
            }
        };
    }

    void change() {
        var delta = new ClusterDelta(image);
        cluster.changes().forEach(delta::replay);
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

    void syncFully() throws DataplaneException {
        full = true;
        sync();
    }

    void sync() throws DataplaneException {
        last = Optional.of(dataplane.apply(desired, pending, full));
        pending.clear();
        full = false;
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
        throw new AssertionError("three attempts failed, although only the first restore was to");
    }

    /** The last sync found that the kernel was not what it had written. */
    boolean drifted() {
        return last.orElseThrow().drifted();
    }

    void assertKernelIsDesired() {
        assertThat(router.route(image).equals(desired)).isTrue();
        var rendered = new Rendering(desired, settings).appliedToEmptyKernel();
        var actual = kernel.get();
        assertThat(RulesetText.of(actual)).containsExactlyElementsOf(RulesetText.of(rendered));
        assertThat(RulesetText.hasTailLast(actual)).isTrue();
        for (var table : last.orElseThrow().tables()) {
            assertThat(table.owned())
                    .as("rules said to be owned in " + table.table())
                    .isEqualTo(rulesOfOurs(actual, Table.of(table.table()).orElseThrow()));
        }
    }

    private static int rulesOfOurs(Ruleset kernel, Table table) {
        return kernel.chains(table).stream()
                .filter(chain -> chain.startsWith("KUBE-"))
                .mapToInt(chain -> kernel.rules(table, chain).size())
                .sum();
    }
}
