package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.RandomCluster;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever changes, fails or is tampered with: what the kernel holds is what a full render says. */
class IncrementalSyncTest {

    private static final int STEPS = 60;

    private final LocalFacts facts = new LocalFacts() {
        @Override
        public boolean ensureCounter(String name) {
            return true;
        }

        @Override
        public List<IpAddress> addresses() {
            return List.of(IpAddress.parse("192.168.0.2"));
        }
    };

    @Property(tries = 40)
    void editsLeadToWhatAFullRenderSays(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var run = new Run(seed, family, "nf_tables");
        for (int step = 0; step < STEPS; step++) {
            run.change();
            run.sync();
            run.assertKernelIsDesired();
        }
        assertThat(run.kernel.saves())
                .as("only the first sync may list the kernel")
                .isEqualTo(1);
    }

    @Property(tries = 40)
    void failedRestoresLoseNothing(@ForAll long seed, @ForAll IpFamily family) {
        var run = new Run(seed, family, "nf_tables");
        for (int step = 0; step < STEPS; step++) {
            run.change();
            run.kernel.failNextRestore(ModelKernel.Fault.values()[run.random.nextInt(4)]);
            run.syncUntilItWorks();
            run.assertKernelIsDesired();
        }
    }

    @Property(tries = 30)
    void tamperingIsMendedByTheNextFullSync(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var run = new Run(seed, family, "legacy");
        for (int step = 0; step < STEPS / 2; step++) {
            run.change();
            run.sync();
            run.kernel.tamper(run.vandalism());
            run.full = true;
            run.sync();
            run.assertKernelIsDesired();
        }
    }

    @Property(tries = 20)
    void tamperingThatAnEditTripsOverIsMendedAtOnce(@ForAll long seed) throws DataplaneException {
        var run = new Run(seed, IpFamily.IPV4, "nf_tables");
        run.change();
        run.sync();
        for (int step = 0; step < STEPS / 2; step++) {
            run.kernel.tamper(flush(Table.NAT, Chains.SERVICES));
            run.kernel.tamper(flush(Table.FILTER, Chains.SERVICES));
            run.change();
            int restores = run.kernel.restores();
            run.sync();
            boolean edited = run.kernel.restores() > restores;
            if (edited && run.drifted) {
                run.assertKernelIsDesired();
            }
            run.full = true;
            run.sync();
            run.assertKernelIsDesired();
        }
    }

    private static RestoreScript flush(Table table, String chain) {
        return sink -> {
            sink.table(table);
            sink.chain(chain);
            sink.commit();
        };
    }

    /** One kernel, one dataplane, one cluster. */
    private final class Run {

        private final Random random;
        private final RandomCluster cluster;
        private final ModelKernel kernel;
        private final IptablesDataplane dataplane;
        private final RuleSettings settings;
        private final Router router;
        private final HashSet<NamespacedName> pending = new HashSet<>();
        private ClusterImage image = ClusterImage.EMPTY;
        private RoutingTable desired;
        private boolean full = true;
        private boolean drifted;

        Run(long seed, IpFamily family, String backend) {
            random = new Random(seed);
            cluster = new RandomCluster(seed);
            kernel = new ModelKernel(family, backend);
            var config = ProxyConfig.DEFAULT.withPlatformDefaults();
            var nodeIps = NodeIps.detect("0.0.0.0", List.of(IpAddress.parse("192.168.0.2")));
            settings = RuleSettings.of(config, nodeIps, List.of(), family, true, true);
            dataplane = new IptablesDataplane(Iptables.probe(family, kernel), settings, facts);
            router = new Router(family, RandomCluster.THIS_NODE, true);
            desired = RoutingTable.empty(family);
        }

        void change() {
            var delta = new ClusterDelta(image);
            cluster.changes().forEach(delta::replay);
            image = delta.apply();
            var update = router.update(desired, image, delta.touchedServices());
            desired = update.table();
            pending.addAll(update.changed());
        }

        void sync() throws DataplaneException {
            drifted = dataplane.apply(desired, pending, full).drifted();
            pending.clear();
            full = false;
        }

        void syncUntilItWorks() {
            for (int attempt = 0; attempt < 3; attempt++) {
                try {
                    sync();
                    return;
                } catch (DataplaneException e) {
                    full = false; // the dataplane itself must know that it knows nothing
                }
            }
            throw new AssertionError("three attempts failed, although only the first restore was to");
        }

        void assertKernelIsDesired() throws AssertionError {
            assertThat(router.route(image).equals(desired)).isTrue();
            var rendered = new Rendering(desired, settings.withCounters(true, true)).appliedToEmptyKernel();
            assertThat(RulesetText.of(kernel.ruleset())).containsExactlyElementsOf(RulesetText.of(rendered));
            assertThat(RulesetText.hasTailLast(kernel.ruleset())).isTrue();
        }

        /** Takes something away, adds something foreign, or turns something round. */
        RestoreScript vandalism() {
            var places = new ArrayList<SharedChain>();
            for (var table : List.of(Table.NAT, Table.FILTER)) {
                kernel.ruleset().chains(table).stream()
                        .filter(chain -> !kernel.ruleset().rules(table, chain).isEmpty())
                        .forEach(chain -> places.add(new SharedChain(table, chain)));
            }
            var place = places.get(random.nextInt(places.size()));
            var rules = kernel.ruleset().rules(place.table(), place.name());
            var victim = rules.get(random.nextInt(rules.size()));
            boolean builtIn = !place.name().startsWith("KUBE-");
            int what = builtIn ? 0 : random.nextInt(4);
            return sink -> {
                sink.table(what == 3 ? Table.NAT : place.table());
                switch (what) {
                    case 0 -> sink.delete(place.name(), victim);
                    case 1 -> sink.chain(place.name());
                    case 2 -> sink.append(place.name(), victim);
                    default -> sink.chain("KUBE-SEP-FOREIGNFOREIGNFO");
                }
                sink.commit();
            };
        }
    }
}
