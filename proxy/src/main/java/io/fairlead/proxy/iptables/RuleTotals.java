package io.fairlead.proxy.iptables;

/** Numbers of rules by table; a difference between two may be negative. */
record RuleTotals(int filter, int nat) {

    static final RuleTotals NONE = new RuleTotals(0, 0);

    static RuleTotals of(ServicePortRules rules) {
        return new RuleTotals(
                rules.filter().size(), rules.nat().size() + rules.own().size());
    }

    RuleTotals plus(RuleTotals more) {
        return new RuleTotals(filter + more.filter, nat + more.nat);
    }

    RuleTotals minus(RuleTotals less) {
        return new RuleTotals(filter - less.filter, nat - less.nat);
    }
}
