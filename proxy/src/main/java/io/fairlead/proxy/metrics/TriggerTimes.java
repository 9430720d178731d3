package io.fairlead.proxy.metrics;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * When the changes happened that are on their way into the kernel: each slice says so of itself. Times from before the
 * start say nothing of this process and are left out, and so are those of Services that lost a slice.
 */
final class TriggerTimes {

    /** Beyond so many, further ones are left out: a kernel that refuses for days must not cost memory. */
    private static final int MOST = 20_000;

    private record Trigger(NamespacedName service, Instant time) {}

    private final Instant start;
    private final Map<IpFamily, List<Trigger>> waiting = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, List<Trigger>> underWay = new EnumMap<>(IpFamily.class);

    TriggerTimes(Instant start) {
        this.start = start;
    }

    void add(EndpointSlice slice) {
        var times = waiting.computeIfAbsent(slice.family(), _ -> new ArrayList<>());
        slice.lastChangeTriggerTime()
                .filter(time -> time.isAfter(start) && times.size() < MOST)
                .ifPresent(time -> times.add(new Trigger(slice.service(), time)));
    }

    /** A slice has been deleted. */
    void forget(EndpointSlice slice) {
        var times = waiting.get(slice.family());
        if (times != null) {
            times.removeIf(trigger -> trigger.service().equals(slice.service()));
        }
    }

    /** A sync takes what waits. */
    void begin(IpFamily family) {
        underWay.put(family, taken(waiting, family));
    }

    /** The sync succeeded: the times it had taken. */
    List<Instant> end(IpFamily family) {
        return times(taken(underWay, family));
    }

    /** The sync failed: the changes wait again. */
    void failed(IpFamily family) {
        var again = taken(underWay, family);
        again.addAll(taken(waiting, family));
        waiting.put(family, again);
    }

    /** No sync is needed: the times that wait. */
    List<Instant> take(IpFamily family) {
        return times(taken(waiting, family));
    }

    private static List<Trigger> taken(Map<IpFamily, List<Trigger>> from, IpFamily family) {
        var taken = from.remove(family);
        return taken == null ? new ArrayList<>() : taken;
    }

    private static List<Instant> times(List<Trigger> triggers) {
        return triggers.stream().map(Trigger::time).toList();
    }
}
