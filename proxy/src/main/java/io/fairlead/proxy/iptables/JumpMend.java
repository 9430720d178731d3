package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RestoreSink;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.RuleParser;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.dataplane.Finding;
import java.util.List;

/**
 * What is wrong with our jumps in one built-in chain, and the way back: nobody else's rule there is moved.
 *
 * @param deletions lines as listed, each to be deleted once
 * @param insertions to be made in this order after the deletions
 */
record JumpMend(Table table, String chain, List<String> deletions, List<Insertion> insertions, List<Finding> findings) {

    /** A jump and the position that it is to have, 1 at the top. */
    record Insertion(int position, Rule rule) {}

    JumpMend {
        deletions = List.copyOf(deletions);
        insertions = List.copyOf(insertions);
        findings = List.copyOf(findings);
    }

    /** None of ours is there at all. */
    boolean bare() {
        return deletions.isEmpty()
                && insertions.size() == FixedRules.jumpsFrom(table, chain).size();
    }

    void writeTo(RestoreSink sink) {
        deletions.forEach(line -> sink.delete(chain, RuleParser.parse(line).rule()));
        insertions.forEach(insertion -> sink.insert(chain, insertion.position(), insertion.rule()));
    }
}
