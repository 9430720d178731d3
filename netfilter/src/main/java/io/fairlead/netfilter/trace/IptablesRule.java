package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.SavePrinter;
import io.fairlead.netfilter.iptables.Table;
import java.util.Optional;

/**
 * A rule of iptables.
 *
 * @param index from 0, in its chain
 */
public record IptablesRule(IpFamily family, Table place, String chain, int index, Rule rule) implements RuleRef {

    @Override
    public String table() {
        return place.toString();
    }

    @Override
    public Optional<String> comment() {
        return rule.comment();
    }

    /** As iptables-save prints it. */
    @Override
    public String text() {
        return new SavePrinter(family).line(chain, rule);
    }
}
