package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.dataplane.DataplaneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever changes, fails or is tampered with: what the kernel holds is what a full render says. */
class IncrementalSyncTest {

    private static final int STEPS = 60;

    @Property(tries = 40)
    void editsLeadToWhatAFullRenderSays(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var kernel = new ModelKernel(family, "nf_tables");
        var run = run(seed, family, kernel);
        for (int step = 0; step < STEPS; step++) {
            run.change();
            run.sync();
            run.assertKernelIsDesired();
        }
        assertThat(kernel.saves()).as("only the first sync may list the kernel").isEqualTo(1);
    }

    @Property(tries = 40)
    void failedRestoresLoseNothing(@ForAll long seed, @ForAll IpFamily family) {
        var kernel = new ModelKernel(family, "nf_tables");
        var run = run(seed, family, kernel);
        var random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            run.change();
            kernel.failNextRestore(ModelKernel.Fault.values()[random.nextInt(4)]);
            run.syncUntilItWorks();
            run.assertKernelIsDesired();
        }
    }

    @Property(tries = 30)
    void tamperingIsMendedByTheNextFullSync(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var kernel = new ModelKernel(family, "legacy");
        var run = run(seed, family, kernel);
        var random = new Random(seed);
        for (int step = 0; step < STEPS / 2; step++) {
            run.change();
            run.sync();
            kernel.tamper(vandalism(kernel, random));
            run.syncFully();
            run.assertKernelIsDesired();
        }
    }

    @Property(tries = 20)
    void tamperingThatAnEditTripsOverIsMendedAtOnce(@ForAll long seed) throws DataplaneException {
        var kernel = new ModelKernel(IpFamily.IPV4, "nf_tables");
        var run = run(seed, IpFamily.IPV4, kernel);
        run.change();
        run.sync();
        int drifts = 0;
        for (int step = 0; step < STEPS; step++) {
            kernel.tamper(flush(Table.NAT, Chains.SERVICES));
            kernel.tamper(flush(Table.FILTER, Chains.SERVICES));
            run.change();
            run.sync();
            if (run.drifted()) {
                drifts++;
                run.assertKernelIsDesired();
            }
            run.syncFully();
        }
        assertThat(drifts).as("changes that met the tampering").isPositive();
    }

    private static SyncRun run(long seed, IpFamily family, ModelKernel kernel) {
        return new SyncRun(seed, family, kernel, kernel::ruleset, true);
    }

    private static RestoreScript flush(Table table, String chain) {
        return sink -> {
            sink.table(table);
            sink.chain(chain);
            sink.commit();
        };
    }

    /** Takes something away, adds something twice, or leaves a chain of nobody's behind. */
    private static RestoreScript vandalism(ModelKernel kernel, Random random) {
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
