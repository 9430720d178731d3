package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowFilter;
import io.fairlead.netfilter.conntrack.FlowTuple;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which flows are stale. A pure function of what is routed now and what was routed before.
 *
 * <ul>
 *   <li>A flow to a frontend of a Service is stale unless one of the Service's serving endpoints answers it. So a flow to
 *       an endpoint that is gone is stale, and one that began before the address became a Service's, and every flow to
 *       a Service that has no serving endpoint left (kube-proxy 1.36 leaves those: kubernetes#139628).
 *   <li>A flow to a frontend that is no longer any Service's is stale if it is translated: only our rules can have sent it
 *       elsewhere (kube-proxy 1.36 leaves those, too: kubernetes#141371). One that is not translated goes where its
 *       sender wants.
 *   <li>A node port is one only on this machine's addresses. (kube-proxy takes any flow to that port number for one, and
 *       so deletes flows that pods have with the world outside.)
 *   <li>Everything else is none of our business: other protocols, other addresses, other people's translations.
 * </ul>
 *
 * @param services as routed now
 * @param scope frontends to look at: those that changed, or were dropped, since it was last looked at them
 * @param local this machine's addresses
 */
record Staleness(IpFamily family, UdpServices services, Set<Frontend> scope, Predicate<IpAddress> local) {

    Staleness {
        scope = Set.copyOf(scope);
    }

    /** What the kernel shall list: one port only, if all frontends have the same. */
    FlowFilter filter() {
        var ports = new HashSet<Integer>();
        scope.forEach(frontend -> ports.add(frontend.port()));
        return new FlowFilter(
                family, FlowTuple.UDP, ports.size() == 1 ? ports.iterator().next() : 0);
    }

    boolean isStale(ConntrackFlow flow) {
        if (flow.protocol() != FlowTuple.UDP) {
            return false;
        }
        var asked = flow.original();
        var address = new Frontend.Address(asked.destination(), asked.destinationPort());
        var nodePort = new Frontend.NodePort(asked.destinationPort());
        boolean onNodePort = (scope.contains(nodePort) || services.backends().containsKey(nodePort))
                && local.test(asked.destination());
        if (!scope.contains(address) && !(onNodePort && scope.contains(nodePort))) {
            return false;
        }
        // As the rules do: a Service's own address comes before the node ports.
        var backends = services.backends().get(address);
        if (backends == null && onNodePort) {
            backends = services.backends().get(nodePort);
        }
        if (backends == null) {
            return flow.destinationTranslated();
        }
        return !backends.contains(
                new Backend(flow.reply().source(), flow.reply().sourcePort()));
    }
}
