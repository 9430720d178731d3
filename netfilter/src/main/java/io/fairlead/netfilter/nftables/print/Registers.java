package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Register;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/** What the registers hold at a point of a rule. */
final class Registers {

    private final TreeMap<Integer, Term> bySlot = new TreeMap<>();

    /** Slots that have been looked at: what follows them belongs to something else. */
    private final BitSet used = new BitSet();

    void put(Register register, Term term) {
        int first = register.slot();
        int last = first + (term.length() + 3) / 4 - 1;
        bySlot.headMap(last, true).tailMap(first, true).clear();
        bySlot.put(first, term);
        used.clear(first);
    }

    Term at(Register register) throws Unprintable {
        var term = bySlot.get(register.slot());
        if (term == null) {
            throw new Unprintable("register " + register.number() + ", which nothing was loaded into");
        }
        used.set(register.slot());
        return term;
    }

    /** The terms side by side from a register on that have not been used yet: the parts of a key. */
    List<Term> from(Register register) throws Unprintable {
        var terms = new ArrayList<Term>();
        terms.add(at(register));
        int slot = register.slot() + (terms.getLast().length() + 3) / 4;
        while (bySlot.containsKey(slot) && !used.get(slot)) {
            terms.add(at(Register.slot(slot)));
            slot += (terms.getLast().length() + 3) / 4;
        }
        return terms;
    }
}
