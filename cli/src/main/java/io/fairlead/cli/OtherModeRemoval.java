package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.sync.SyncListener;
import io.fairlead.proxy.sync.SyncLoop;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the other mode's rules away once every family has been synced, and read back: as long as anything of ours is missing,
 * they are what serves it. Looks beside the loop, again after each sync until it has been done.
 */
final class OtherModeRemoval implements SyncListener {

    private static final Logger log = LoggerFactory.getLogger(OtherModeRemoval.class);

    private final Families families;
    private final Supplier<List<SyncLoop.Family>> written;
    private final Runnable removed;
    private final Map<IpFamily, RoutingTable> applied = new EnumMap<>(IpFamily.class);

    /** Whether it is being looked at, or has been done. */
    private final AtomicBoolean settled = new AtomicBoolean();

    /**
     * Nothing is looked at before the first sync.
     *
     * @param written the families of the loop, asked when they have been synced
     * @param removed told from another thread when there were rules, and they have been removed
     */
    OtherModeRemoval(Families families, Supplier<List<SyncLoop.Family>> written, Runnable removed) {
        this.families = families;
        this.written = written;
        this.removed = removed;
    }

    @Override
    public void synced(
            IpFamily family, RoutingTable table, Set<NamespacedName> changed, SyncResult result, Duration duration) {
        applied.put(family, table);
        var all = written.get();
        if (applied.size() == all.size() && settled.compareAndSet(false, true)) {
            var tables = Map.copyOf(applied);
            Thread.ofVirtual().name("other-mode").start(() -> settled.set(remove(all, tables)));
        }
    }

    /** @return false when it has to be tried again */
    private boolean remove(List<SyncLoop.Family> all, Map<IpFamily, RoutingTable> tables) {
        if (!families.findsOtherMode()) {
            return true;
        }
        for (var family : all) {
            if (!isInForce(family, tables)) {
                return false;
            }
        }
        families.removeOtherMode();
        removed.run();
        return true;
    }

    private static boolean isInForce(SyncLoop.Family family, Map<IpFamily, RoutingTable> tables) {
        var dataplane = family.dataplane();
        try {
            int differences = dataplane.differences(
                    Objects.requireNonNull(tables.get(dataplane.family()), "every family was synced"));
            if (differences > 0) {
                log.atInfo()
                        .addKeyValue("ipFamily", dataplane.family())
                        .addKeyValue("differences", differences)
                        .log("The kernel does not hold all rules yet; the other mode's stay until after the next sync");
            }
            return differences == 0;
        } catch (DataplaneException e) {
            log.atWarn()
                    .addKeyValue("ipFamily", dataplane.family())
                    .addKeyValue("err", e)
                    .log("Could not read the rules back; the other mode's stay until after the next sync");
            return false;
        }
    }
}
