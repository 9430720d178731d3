package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.RestoreSink;
import io.fairlead.netfilter.iptables.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts up what is missing of the frame, and mends what is wrong with it: chains that jumps lead to, the jumps themselves, and the canaries that show when
 * somebody flushes a table. Chains that exist keep their rules.
 *
 * @param chains those to make
 * @param jumps those to insert, in order, each at the top
 * @param mends built-in chains in which our jumps are not as they should be, apart from those
 */
record Scaffold(Set<SharedChain> chains, List<FixedRules.JumpRow> jumps, List<JumpMend> mends)
        implements RestoreScript {

    /** The tables that get a canary. */
    static final List<Table> GUARDED = List.of(Table.MANGLE, Table.NAT, Table.FILTER);

    /** The whole frame. */
    static Scaffold everything() {
        return new Scaffold(allChains(), FixedRules.JUMPS, List.of());
    }

    /** All chains of the frame. */
    static Set<SharedChain> allChains() {
        var all = new LinkedHashSet<SharedChain>();
        GUARDED.forEach(table -> all.add(new SharedChain(table, Chains.CANARY)));
        FixedRules.JUMPS.forEach(jump -> all.add(new SharedChain(jump.table(), jump.to())));
        return all;
    }

    boolean isEmpty() {
        return chains.isEmpty() && jumps.isEmpty() && mends.isEmpty();
    }

    @Override
    public void writeTo(RestoreSink sink) {
        for (var table : GUARDED) {
            var made = chains.stream().filter(chain -> chain.table() == table).toList();
            var inserted = jumps.stream().filter(jump -> jump.table() == table).toList();
            var mended = mends.stream().filter(mend -> mend.table() == table).toList();
            if (made.isEmpty() && inserted.isEmpty() && mended.isEmpty()) {
                continue;
            }
            sink.table(table);
            made.forEach(chain -> sink.chain(chain.name()));
            inserted.forEach(jump -> sink.insert(jump.from(), jump.rule()));
            mended.forEach(mend -> mend.writeTo(sink));
            sink.commit();
        }
    }
}
