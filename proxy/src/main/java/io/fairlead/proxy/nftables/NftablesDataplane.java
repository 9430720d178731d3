package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * kube-proxy's nftables mode, at a cost that follows the change.
 *
 * <ul>
 *   <li>What was applied is known, so an ordinary sync reads nothing and writes the elements that differ: one, when an
 *       endpoint takes the place of another.
 *   <li>An element never leads to what is not there yet, or is not there any more, in whatever transactions a change is
 *       written, and wherever they fail.
 *   <li>A full sync reads the table once and writes what differs. A table that is right already is not touched, and affinity
 *       lives on.
 *   <li>Somebody else's change is heard of at once, and mended.
 *   <li>After any failure nothing is believed. The table is compared at once if it was not what we thought; other failures
 *       are left to the next sync.
 * </ul>
 */
public final class NftablesDataplane implements Dataplane {

    private static final Logger log = LoggerFactory.getLogger(NftablesDataplane.class);

    /** How often in one sync the table is compared anew, because somebody else keeps changing it. */
    private static final int ATTEMPTS = 3;

    /** So many things that were mended are named. */
    private static final int NAMED = 10;

    private final KernelTable kernel;
    private final NftSettings baseSettings;
    private final Supplier<Collection<IpAddress>> machineAddresses;
    private final LongSupplier nanoTime;
    private final StaleChains stale = new StaleChains();
    private final Model model;
    private final FixedSets sets;

    /** What the kernel was told last, apart from the routing; empty when nothing is believed. */
    private volatile Optional<NftSettings> applied = Optional.empty();

    private volatile Optional<Runnable> listener = Optional.empty();

    /**
     * A dataplane that knows nothing of the kernel yet.
     *
     * @param settings node ports answer on those of {@code machineAddresses} that it names
     * @param nanoTime {@link System#nanoTime}
     */
    NftablesDataplane(
            KernelTable kernel,
            NftSettings settings,
            Supplier<Collection<IpAddress>> machineAddresses,
            LongSupplier nanoTime) {
        this.kernel = kernel;
        this.baseSettings = settings;
        this.machineAddresses = machineAddresses;
        this.nanoTime = nanoTime;
        model = new Model(settings);
        sets = FixedSets.of(settings);
    }

    @Override
    public IpFamily family() {
        return baseSettings.family();
    }

    @Override
    public synchronized SyncResult apply(RoutingTable desired, Set<NamespacedName> changed, boolean full)
            throws DataplaneException {
        stale.at(nanoTime.getAsLong());
        var known = applied;
        var disturbance = kernel.takeDisturbance();
        boolean sameCidrs = desired.serviceCidrs().equals(model.table().serviceCidrs());
        applied = Optional.empty();
        try {
            if (full || disturbance.everything() || known.isEmpty() || !sameCidrs) {
                model.moveTo(desired);
                return reconcile(full, !disturbance.isNone() && known.isPresent());
            }
            return disturbance.isNone()
                    ? edit(known.get(), desired, changed)
                    : repair(disturbance, known.get(), desired, changed);
        } catch (TableException e) {
            throw new DataplaneException("Could not write table " + FixedTable.id(family()) + ": " + e.getMessage(), e);
        }
    }

    /** What others have touched, and then the change as usual. */
    private SyncResult repair(
            Disturbance disturbance, NftSettings known, RoutingTable desired, Set<NamespacedName> changed)
            throws TableException {
        var writer = writer();
        var edits = new EditLog(writer, NAMED);
        try {
            var repair = Repair.of(disturbance, model, known, stale.all(), kernel);
            if (repair.isEmpty()) {
                model.moveTo(desired);
                return reconcile(false, true);
            }
            repair.get().write(edits);
            writer.finish();
            repair.get().staleChains().forEach(chain -> stale.leave(chain, false));
        } catch (TableException e) {
            if (e.kind() != TableException.Kind.CHANGED) {
                throw e;
            }
            model.moveTo(desired);
            return reconcile(false, true);
        }
        var after = edit(known, desired, changed);
        return new SyncResult(
                after.full(),
                writer.written() + after.rulesWritten(),
                writer.removed() + after.rulesDeleted(),
                after.chainsDeleted(),
                edits.count() > 0 || after.drifted(),
                Stream.concat(edits.lines().stream(), after.mended().stream()).toList(),
                after.tables(),
                after.cleanupFailed());
    }

    private SyncResult edit(NftSettings known, RoutingTable desired, Set<NamespacedName> changed)
            throws TableException {
        var change = model.moveTo(desired, changed);
        var writer = writer();
        try {
            new Edit(change, known, sets, stale).write(writer);
            writer.finish();
        } catch (TableException e) {
            if (e.kind() != TableException.Kind.CHANGED) {
                throw e;
            }
            log.atWarn()
                    .addKeyValue("ipFamily", family())
                    .addKeyValue("err", e)
                    .log("The kernel no longer holds what was written to it, comparing and mending all of it");
            return reconcile(true, true);
        }
        applied = Optional.of(known);
        var cleanup = deleteStale(stale.due());
        return new SyncResult(
                false,
                writer.written(),
                writer.removed(),
                cleanup.deleted(),
                false,
                List.of(),
                List.of(),
                cleanup.failed());
    }

    private SyncResult reconcile(boolean full, boolean drifted) throws TableException {
        for (int attempt = 1; ; attempt++) {
            try {
                return reconcileOnce(full, drifted);
            } catch (TableException e) {
                if (e.kind() != TableException.Kind.CHANGED || attempt == ATTEMPTS) {
                    throw e;
                }
                log.atInfo()
                        .addKeyValue("ipFamily", family())
                        .addKeyValue("err", e)
                        .log("The table was changed by somebody else meanwhile, comparing again");
            }
        }
    }

    private SyncResult reconcileOnce(boolean full, boolean drifted) throws TableException {
        var settings = currentSettings();
        var comparison = Comparison.of(model, settings, kernel, Set.of());
        var writer = writer();
        var edits = new EditLog(writer, NAMED);
        comparison.write(edits);
        writer.finish();
        model.adopt(comparison.placements());
        stale.forget();
        comparison.staleChains().forEach(chain -> stale.leave(chain, false));
        applied = Optional.of(settings);
        startWatching();
        var cleanup = deleteStale(comparison.staleChains());
        boolean mended = drifted && edits.count() > 0;
        return new SyncResult(
                full,
                writer.written(),
                writer.removed(),
                cleanup.deleted(),
                mended,
                mended ? edits.lines() : List.of(),
                List.of(),
                cleanup.failed());
    }

    private NftSettings currentSettings() {
        return baseSettings.withMachineAddresses(machineAddresses.get());
    }

    private BatchWriter writer() {
        return new BatchWriter(kernel, FixedTable.of(family()));
    }

    /** @param failed chains are still there, and will be tried again */
    private record Cleanup(int deleted, boolean failed) {}

    /** Stale chains do no harm to traffic: failing to delete them fails no sync. */
    private Cleanup deleteStale(List<String> chains) {
        if (chains.isEmpty()) {
            return new Cleanup(0, false);
        }
        try {
            BatchWriter.deleteChains(kernel, FixedTable.id(family()), chains);
            stale.deleted(chains);
            return new Cleanup(chains.size(), false);
        } catch (TableException e) {
            chains.forEach(chain -> stale.leave(chain, false));
            log.atError()
                    .addKeyValue("ipFamily", family())
                    .addKeyValue("chains", chains.size())
                    .addKeyValue("err", e)
                    .log("Could not delete chains that are not used any more, trying again later");
            return new Cleanup(0, true);
        }
    }

    @Override
    public int differences(RoutingTable desired) throws DataplaneException {
        var edits = new EditLog(NoEdits.INSTANCE, 0);
        compare(desired, (_, _) -> edits);
        return edits.count();
    }

    @Override
    public void audit(RoutingTable desired, Consumer<Finding> findings) throws DataplaneException {
        compare(desired, (wanted, comparison) -> new EditFindings(wanted, comparison, findings));
    }

    /** What a full sync would change, without changing it. */
    private void compare(RoutingTable desired, BiFunction<Model, Comparison, TableEdits> edits)
            throws DataplaneException {
        Model wanted;
        Set<String> spared;
        synchronized (this) {
            wanted = model.copy();
            spared = Set.copyOf(stale.all());
        }
        wanted.moveTo(desired);
        try {
            var comparison = Comparison.of(wanted, currentSettings(), kernel, spared);
            comparison.write(edits.apply(wanted, comparison));
        } catch (TableException e) {
            throw new DataplaneException("Could not read table " + FixedTable.id(family()) + ": " + e.getMessage(), e);
        }
    }

    /** The rules for some of the Services as they are written, without those for the others. */
    public TableImage rules(RoutingTable some) {
        Model part;
        synchronized (this) {
            part = model.part(some);
        }
        return NftRendering.appliedToEmptyKernel(part, applied.orElseGet(this::currentSettings));
    }

    /** Others' changes are heard of as they happen; this machine's addresses are looked at here. */
    @Override
    public Set<String> flushed() {
        return applied.filter(known -> !known.equals(currentSettings())).isPresent()
                ? Set.of(Names.NODE_PORT_IPS)
                : Set.of();
    }

    /** From the first sync on: all that it writes would come back as news. */
    @Override
    public void watch(Runnable disturbed) {
        listener = Optional.of(disturbed);
    }

    private void startWatching() {
        listener.ifPresent(kernel::watch);
        listener = Optional.empty();
    }
}
