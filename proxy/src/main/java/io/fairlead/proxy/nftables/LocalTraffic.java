package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.proxy.config.LocalDetector;

/** Tells traffic of this node's Pods from other traffic (spec section 2.9). */
final class LocalTraffic {

    private LocalTraffic() {}

    /** @throws IllegalArgumentException for a detector that cannot tell */
    static RuleBuilder when(RuleBuilder rule, LocalDetector detector) {
        return switch (detector) {
            case LocalDetector.Cidr(var prefix) -> rule.whenSaddr(prefix);
            case LocalDetector.BridgeInterface(var name) -> rule.whenIifname(name);
            case LocalDetector.InterfaceNamePrefix(var prefix) -> rule.whenIifname(prefix + "*");
            case LocalDetector.None() -> throw new IllegalArgumentException("nothing tells this node's Pods");
        };
    }

    /** @throws IllegalArgumentException for a detector that cannot tell */
    static RuleBuilder unless(RuleBuilder rule, LocalDetector detector) {
        return switch (detector) {
            case LocalDetector.Cidr(var prefix) -> rule.unlessSaddr(prefix);
            case LocalDetector.BridgeInterface(var name) -> rule.unlessIifname(name);
            case LocalDetector.InterfaceNamePrefix(var prefix) -> rule.unlessIifname(prefix + "*");
            case LocalDetector.None() -> throw new IllegalArgumentException("nothing tells this node's Pods");
        };
    }
}
