package io.fairlead.proxy.iptables;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServicePortName;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Turns a difference between two routings into edits of bounded size. */
final class EditPlan {

    /** Up to so many changed Services, looking at all others for each costs less than reading KUBE-SERVICES back once. */
    private static final int FEW = 50;

    private final RuleSettings settings;
    private final int maxChains;
    private final RoutingTable desired;
    private final boolean looksForContest;
    private final List<Edit> edits = new ArrayList<>();
    private Edit current;

    private EditPlan(RuleSettings settings, int maxChains, RoutingTable desired, boolean looksForContest) {
        this.settings = settings;
        this.maxChains = maxChains;
        this.desired = desired;
        this.looksForContest = looksForContest;
        current = new Edit(settings);
    }

    /**
     * Edits that lead from what was applied to {@code desired}.
     *
     * @param maxChains how many chains one edit may write or delete, unless one Service port alone needs more
     */
    static List<Edit> of(Applied applied, RoutingTable desired, Collection<NamespacedName> changed, int maxChains) {
        var plan = new EditPlan(applied.settings(), maxChains, desired, changed.size() <= FEW);
        boolean comments = Applied.withComments(desired);
        for (var name : new TreeSet<>(changed)) {
            plan.changeService(applied, applied.table().portsOf(name), desired.portsOf(name), comments);
        }
        return plan.finish();
    }

    private void changeService(
            Applied applied, List<ServiceRouting> before, List<ServiceRouting> after, boolean comments) {
        var old = new HashMap<ServicePortName, ServiceRouting>();
        before.forEach(port -> old.put(port.name(), port));
        for (var port : after) {
            var was = Optional.ofNullable(old.remove(port.name()));
            change(was.map(applied::rulesOf), Optional.of(ServiceRules.of(port, settings, comments)), contested(port));
        }
        for (var port : before) {
            if (old.containsKey(port.name())) {
                change(Optional.of(applied.rulesOf(port)), Optional.empty(), false);
            }
        }
    }

    /** Whether another port claims an address and port of this one. Many changes are not worth so many searches. */
    private boolean contested(ServiceRouting port) {
        if (!looksForContest) {
            return true;
        }
        for (var others : desired.services().values()) {
            for (var other : others) {
                if (other.collidesWith(port) && !other.name().equals(port.name())) {
                    return true;
                }
            }
        }
        return false;
    }

    private void change(Optional<ServicePortRules> before, Optional<ServicePortRules> after, boolean contested) {
        if (current.chains() >= maxChains) {
            edits.add(current);
            current = new Edit(settings);
        }
        current.change(before, after, contested);
    }

    private List<Edit> finish() {
        if (!current.isEmpty()) {
            edits.add(current);
        }
        return edits;
    }
}
