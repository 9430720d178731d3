package io.fairlead.proxy.iptables;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.Collection;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/**
 * What the kernel said yes to. The rules themselves are not kept: they follow from this.
 *
 * @param bare Services whose endpoint rules were written without comments, as in large clusters; like kube-proxy's, they
 *     stay as they are until the Service is next written
 * @param rules how many rules that makes
 */
record Applied(RoutingTable table, RuleSettings settings, PSet<NamespacedName> bare, RuleTotals rules) {

    /** kube-proxy's threshold: above it, endpoint rules do without comments. */
    static final int LARGE_CLUSTER_ENDPOINTS = 1000;

    static boolean withComments(RoutingTable table) {
        return table.endpoints() <= LARGE_CLUSTER_ENDPOINTS;
    }

    /** All of it written in one go. */
    static Applied whole(RoutingTable table, RuleSettings settings, RuleTotals rules) {
        PSet<NamespacedName> bare = withComments(table)
                ? HashTreePSet.empty()
                : HashTreePSet.from(table.services().keySet());
        return new Applied(table, settings, bare, rules);
    }

    /** This, with some Services written anew. */
    Applied with(RoutingTable next, Collection<NamespacedName> written, RuleTotals growth) {
        return new Applied(
                next,
                settings,
                withComments(next) ? bare.minusAll(written) : bare.plusAll(written),
                rules.plus(growth));
    }

    /** The rules a Service's port has in the kernel. */
    ServicePortRules rulesOf(ServiceRouting port) {
        return ServiceRules.of(port, settings, !bare.contains(port.name().service()));
    }
}
