package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RestoreRejectedException;
import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.proxy.routing.RoutingTable;

/** The rules for a routing, without a kernel. */
public record Rendering(RoutingTable table, RuleSettings settings) {

    /** What a full sync of kube-proxy would feed to iptables-restore. */
    public RestoreScript restoreInput() {
        return RulesetScript.full(table, settings, Applied.withComments(table));
    }

    /** What an empty kernel would hold afterwards, jumps and canaries included. */
    public Ruleset appliedToEmptyKernel() {
        try {
            return Ruleset.empty(settings.family()).apply(Scaffold.everything()).apply(restoreInput());
        } catch (RestoreRejectedException e) {
            throw new IllegalStateException("our own rules do not fit together: " + e.getMessage(), e);
        }
    }
}
