package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.List;

/**
 * What becomes of the first packet of a connection to a Service port: a pure function of the routing and of who sends it. The
 * same decision is what the rules of the dataplanes write down.
 *
 * @param candidates who may get it, each with the same probability; empty unless the fate is {@link Fate#BALANCED}
 * @param local the candidates are the Service's endpoints on this node
 * @param policy which policy decided that, and why
 * @param masquerade the source address is replaced by the node's
 * @param source why the source address is replaced, or why not
 */
record Decision(
        Fate fate, List<RoutedEndpoint> candidates, boolean local, String policy, boolean masquerade, String source) {

    enum Fate {
        /** To one of the candidates. */
        BALANCED,
        /** Refused: the client sees that nobody is there. */
        REJECTED,
        /** Dropped: the client waits. */
        DROPPED,
        /** Dropped because of who sends it, whatever endpoints there are. */
        FILTERED,
        /** No rule applies to it: it goes on to the address as it is. */
        IGNORED
    }

    Decision {
        candidates = List.copyOf(candidates);
    }

    static Decision of(NodeView view, Claim claim, Packeteer from) {
        return claim.frontend() == Frontend.CLUSTER_IP
                ? internal(view, claim.port(), from)
                : external(view, claim, from);
    }

    private static Decision internal(NodeView view, ServiceRouting port, Packeteer from) {
        var policy = port.internalPolicyLocal()
                ? "internalTrafficPolicy is Local: only endpoints on this node"
                : "internalTrafficPolicy is Cluster: endpoints on all nodes";
        if (!port.hasInternalEndpoints()) {
            return refused(port, policy);
        }
        var endpoints = port.endpoints();
        var candidates = port.internalPolicyLocal() ? endpoints.local() : endpoints.cluster();
        var source = source(view, from);
        return new Decision(
                Fate.BALANCED, candidates, port.internalPolicyLocal(), policy, source.replaced(), source.why());
    }

    private record Source(boolean replaced, String why) {}

    private static Source source(NodeView view, Packeteer from) {
        if (view.masqueradeAll()) {
            return new Source(true, "masqueradeAll is set: everything sent to a cluster IP gets this node's address");
        }
        if (!from.podsKnown()) {
            return new Source(
                    false,
                    "nothing tells pods from others (no --cluster-cidr or other --detect-local-mode), so nothing sent to a"
                            + " cluster IP is rewritten");
        }
        return from.isPod()
                ? new Source(false, "it comes from a pod, so the answer comes back through this node by itself")
                : new Source(true, "it does not come from a pod, so the answer might go past this node");
    }

    private static Decision external(NodeView view, Claim claim, Packeteer from) {
        var port = claim.port();
        var endpoints = port.endpoints();
        var policy = port.externalPolicyLocal()
                ? "externalTrafficPolicy is Local: only endpoints on this node"
                : "externalTrafficPolicy is Cluster: endpoints on all nodes";
        // iptables mode has nothing to protect where there are no endpoints; nftables mode looks at ranges first.
        boolean filtered = claim.frontend() == Frontend.LOAD_BALANCER
                && !port.sourceRanges().isEmpty()
                && (endpoints.any() || view.mode() == ProxyMode.NFTABLES);
        if (filtered && !admitted(view, port, from.source())) {
            return new Decision(
                    Fate.FILTERED,
                    List.of(),
                    false,
                    "loadBalancerSourceRanges " + port.sourceRanges() + " do not contain " + from.source(),
                    false,
                    "");
        }
        if (!endpoints.any()) {
            // iptables mode looks for external addresses without endpoints only in what arrives.
            return view.mode() == ProxyMode.IPTABLES && from.isGenerated() && !view.isMachine(claim.address())
                    ? new Decision(
                            Fate.IGNORED,
                            List.of(),
                            false,
                            "it has no endpoints; for what this node sends itself there is no rule that says so",
                            false,
                            "")
                    : refused(port, policy);
        }
        if (!port.externalPolicyLocal()) {
            return new Decision(
                    Fate.BALANCED,
                    endpoints.cluster(),
                    false,
                    policy,
                    true,
                    "the endpoint may be on another node, so the answer must come back through this one");
        }
        if (from.isPod()) {
            return new Decision(
                    Fate.BALANCED,
                    endpoints.cluster(),
                    false,
                    "externalTrafficPolicy Local is for others: a pod of the cluster is sent to endpoints on all nodes",
                    false,
                    "it comes from a pod, so the answer comes back through this node by itself");
        }
        if (from.isMachine()) {
            return new Decision(
                    Fate.BALANCED,
                    endpoints.cluster(),
                    false,
                    "externalTrafficPolicy Local is for others: this node itself is sent to endpoints on all nodes",
                    true,
                    "it comes from this node, so the answer must come back through it");
        }
        if (endpoints.local().isEmpty()) {
            return refused(port, policy);
        }
        return new Decision(
                Fate.BALANCED,
                endpoints.local(),
                true,
                policy,
                false,
                "the endpoint is on this node, so the client's address can stay: that is what Local is for");
    }

    /** Nobody could answer anywhere: refused. Somebody elsewhere could: dropped, as the policy asks. */
    private static Decision refused(ServiceRouting port, String policy) {
        boolean any = port.endpoints().any();
        return new Decision(any ? Fate.DROPPED : Fate.REJECTED, List.of(), any, policy, false, "");
    }

    private static boolean admitted(NodeView view, ServiceRouting port, IpAddress source) {
        boolean nodeAdmitted = port.sourceRanges().stream().anyMatch(range -> range.contains(view.nodeIp()));
        return port.sourceRanges().stream().anyMatch(range -> range.contains(source))
                || nodeAdmitted && port.loadBalancerVips().contains(source);
    }
}
