package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Capabilities;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.EndpointCount;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * kube-proxy's iptables mode, with the cost of a sync following the change.
 *
 * <ul>
 *   <li>What was applied is known, so an ordinary sync lists nothing and writes only the difference ({@link Edit}).
 *   <li>A full sync reads the kernel once and writes what differs: a node that already holds the right rules, ours or
 *       kube-proxy's, is not touched, and nothing that works is interrupted.
 *   <li>A large first load goes in several restores: the nf_tables back end needs time quadratic in the number of chains
 *       of one transaction. The legacy back end copies the whole table each time, so there it goes in one.
 *   <li>After any failure nothing is believed; the next sync is full.
 * </ul>
 */
public final class IptablesDataplane implements Dataplane {

    private static final Logger log = LoggerFactory.getLogger(IptablesDataplane.class);

    /** Measured on nf_tables 1.8.9: about 250 Services with five endpoints each per restore load fastest. */
    private static final int CHAINS_PER_RESTORE = 1500;

    /** Beyond so many rules in shared chains, rewriting those chains is faster than searching each rule in them. */
    private static final int SHARED_RULES_PER_SYNC = 1000;

    private final Iptables iptables;
    private final RuleSettings baseSettings;
    private final LocalFacts facts;
    private volatile Optional<Applied> applied = Optional.empty();

    /**
     * A dataplane that knows nothing of the kernel yet.
     *
     * @param settings its nfacct counters and node-port addresses are filled in from {@code facts}
     */
    public IptablesDataplane(Iptables iptables, RuleSettings settings, LocalFacts facts) {
        this.iptables = iptables;
        this.baseSettings = settings;
        this.facts = facts;
    }

    @Override
    public IpFamily family() {
        return baseSettings.family();
    }

    @Override
    public SyncResult apply(RoutingTable desired, Set<NamespacedName> changed, boolean full) throws DataplaneException {
        var known = applied;
        applied = Optional.empty();
        try {
            if (full || known.isEmpty() || !known.get().settings().equals(currentSettings(known.get()))) {
                return reconcile(desired, false);
            }
            return edit(known.get(), desired, changed);
        } catch (IptablesException e) {
            throw new DataplaneException("Could not write " + family() + " rules: " + e.getMessage(), e);
        }
    }

    private SyncResult edit(Applied known, RoutingTable desired, Set<NamespacedName> changed) throws IptablesException {
        var edits = EditPlan.of(known, desired, changed, chainsPerRestore());
        if (edits.stream().mapToInt(Edit::sharedRules).sum() > SHARED_RULES_PER_SYNC) {
            return reconcile(desired, false);
        }
        try {
            for (var edit : edits) {
                iptables.restore(edit);
            }
        } catch (IptablesException e) {
            if (e.kind() == IptablesException.Kind.LOCK_HELD) {
                throw e;
            }
            log.atWarn()
                    .addKeyValue("ipFamily", family())
                    .addKeyValue("err", e)
                    .log("The kernel no longer holds what was written to it, comparing and mending all of it");
            return reconcile(desired, true);
        }
        var growth = edits.stream().map(Edit::growth).reduce(RuleTotals.NONE, RuleTotals::plus);
        var written = edits.stream().map(Edit::rulesWritten).reduce(RuleTotals.NONE, RuleTotals::plus);
        var now = known.with(desired, changed, growth);
        applied = Optional.of(now);
        return new SyncResult(
                false,
                written.filter() + written.nat(),
                edits.stream().mapToInt(Edit::rulesDeleted).sum(),
                edits.stream().mapToInt(edit -> edit.deletedChains().size()).sum(),
                false,
                List.of(),
                byTable(now.rules(), written));
    }

    private SyncResult reconcile(RoutingTable desired, boolean drifted) throws IptablesException {
        var settings = freshSettings();
        var drift = compare(desired, settings);
        var counter = new RuleCounter();
        if (!drift.scaffold().isEmpty()) {
            restore(drift.scaffold(), counter);
        }
        var frame = counter.written();
        write(desired, settings, drift, counter);
        int deleted = deleteStale(drift.staleChains());
        var written = counter.written();
        var owned = drift.expected().orElse(written.minus(frame));
        applied = Optional.of(Applied.whole(desired, settings, owned));
        return new SyncResult(
                true, written.filter() + written.nat(), 0, deleted, drifted, List.of(), byTable(owned, written));
    }

    private static List<SyncResult.TableRules> byTable(RuleTotals owned, RuleTotals written) {
        return List.of(
                new SyncResult.TableRules(Table.FILTER.toString(), owned.filter(), written.filter()),
                new SyncResult.TableRules(Table.NAT.toString(), owned.nat(), written.nat()));
    }

    private void write(RoutingTable desired, RuleSettings settings, Drift drift, RuleCounter counter)
            throws IptablesException {
        boolean comments = Applied.withComments(desired);
        if (drift.chainsToWrite() <= chainsPerRestore()) {
            if (!drift.shared().isEmpty() || !drift.services().isEmpty()) {
                restore(new RulesetScript(desired, settings, comments, drift.shared(), drift.services()), counter);
            }
        } else if (drift.cold()) {
            restore(RulesetScript.full(RoutingTable.empty(family()), settings, comments), counter);
            var load = new FirstLoad(desired, settings, chainsPerRestore());
            while (load.hasNext()) {
                restore(load.next(), counter);
            }
        } else {
            for (var batch : batches(desired, drift)) {
                restore(new RulesetScript(desired, settings, comments, Set.of(), batch), counter);
            }
            restore(new RulesetScript(desired, settings, comments, drift.shared(), Set.of()), counter);
        }
    }

    /** Services in groups of about {@link #CHAINS_PER_RESTORE} chains. */
    private static List<Set<NamespacedName>> batches(RoutingTable desired, Drift drift) {
        var batches = new ArrayList<Set<NamespacedName>>();
        var batch = new LinkedHashSet<NamespacedName>();
        int chains = 0;
        for (var name : new TreeSet<>(drift.services())) {
            batch.add(name);
            for (var port : desired.portsOf(name)) {
                chains += port.endpoints().reachable().size() + 1;
            }
            if (chains >= CHAINS_PER_RESTORE) {
                batches.add(batch);
                batch = new LinkedHashSet<>();
                chains = 0;
            }
        }
        batches.add(batch);
        return batches;
    }

    /**
     * Stale chains do no harm to traffic, and somebody else's rule may hold on to one: failing to delete them is said, not
     * fatal. The next full sync tries again.
     */
    private int deleteStale(List<String> chains) {
        int deleted = 0;
        for (int from = 0; from < chains.size(); from += CHAINS_PER_RESTORE) {
            var batch = chains.subList(from, Math.min(chains.size(), from + CHAINS_PER_RESTORE));
            try {
                iptables.restore(new ChainDeletion(batch));
                deleted += batch.size();
            } catch (IptablesException e) {
                log.atWarn()
                        .addKeyValue("ipFamily", family())
                        .addKeyValue("chains", batch.size())
                        .addKeyValue("err", e)
                        .log("Could not delete chains that are no longer needed; see which foreign rule jumps to one");
            }
        }
        return deleted;
    }

    @Override
    public int differences(RoutingTable desired) throws DataplaneException {
        try {
            return compare(desired, freshSettings()).count();
        } catch (IptablesException e) {
            throw new DataplaneException("Could not read " + family() + " rules: " + e.getMessage(), e);
        }
    }

    @Override
    public void audit(RoutingTable desired, Consumer<Finding> findings) throws DataplaneException {
        try {
            var settings = freshSettings();
            KernelAudit.run(
                    iptables, desired, settings, Applied.withComments(desired), compare(desired, settings), findings);
        } catch (IptablesException e) {
            throw new DataplaneException("Could not read " + family() + " rules: " + e.getMessage(), e);
        }
    }

    @Override
    public void count(RoutingTable routing, Consumer<EndpointCount> counts) throws DataplaneException {
        try {
            iptables.saveCountedLines(Table.NAT, new ConnectionCounts(routing, counts)::line);
        } catch (IptablesException e) {
            throw new DataplaneException("Could not read " + family() + " counters: " + e.getMessage(), e);
        }
    }

    /** The rules that this dataplane writes for a routing, as they would stand in an empty kernel. */
    public Ruleset rules(RoutingTable routing) {
        var settings = applied.map(Applied::settings).orElse(baseSettings);
        return new Rendering(routing, withAddresses(settings)).appliedToEmptyKernel();
    }

    @Override
    public Set<String> flushed() {
        var missing = new LinkedHashSet<String>();
        for (var table : Scaffold.GUARDED) {
            if (isFlushed(table)) {
                missing.add(table.toString());
            }
        }
        return missing;
    }

    private boolean isFlushed(Table table) {
        try {
            return !iptables.chainExists(table, Chains.CANARY);
        } catch (IptablesException e) {
            log.atDebug().addKeyValue("table", table).addKeyValue("err", e).log("Could not look for the canary chain");
            return false;
        }
    }

    private Drift compare(RoutingTable desired, RuleSettings settings) throws IptablesException {
        var comparison = new Comparison(desired, settings, Applied.withComments(desired));
        iptables.saveLines(comparison::line);
        return comparison.drift();
    }

    private void restore(RestoreScript script, RuleCounter counter) throws IptablesException {
        iptables.restore(counter.counted(script));
    }

    private int chainsPerRestore() {
        return iptables.capabilities().backend() == Capabilities.Backend.LEGACY
                ? Integer.MAX_VALUE
                : CHAINS_PER_RESTORE;
    }

    /** What may have changed since, apart from the counters, which are only looked at in full syncs. */
    private RuleSettings currentSettings(Applied known) {
        return withAddresses(known.settings());
    }

    private RuleSettings freshSettings() {
        return withAddresses(baseSettings)
                .withCounters(
                        facts.ensureCounter(RuleSettings.INVALID_COUNTER),
                        facts.ensureCounter(RuleSettings.LOCALHOST_COUNTER));
    }

    private RuleSettings withAddresses(RuleSettings settings) {
        return settings.nodePorts().matchAll() ? settings : settings.withMachineAddresses(facts.addresses());
    }
}
