package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Register;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/** What the registers hold at a point of a rule. */
final class Registers {

    /** Of 4 bytes each. */
    private static final int SLOTS = 16;

    private final TreeMap<Integer, Term> bySlot = new TreeMap<>();

    /** Slots that have been looked at: what follows them belongs to something else. */
    private final BitSet used = new BitSet();

    void put(Register register, Term term) throws Unprintable {
        int first = slot(register);
        int end = first + slots(term);
        if (end > SLOTS) {
            throw new Unprintable("more than the registers hold");
        }
        bySlot.subMap(first, end).clear();
        bySlot.put(first, term);
        used.clear(first);
    }

    private static int slots(Term term) {
        return Math.max(1, (term.length() + 3) / 4);
    }

    private static int slot(Register register) throws Unprintable {
        if (register.isVerdict()) {
            throw new Unprintable("the verdict register");
        }
        return register.slot();
    }

    Term at(Register register) throws Unprintable {
        var term = bySlot.get(slot(register));
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
        int slot = register.slot() + slots(terms.getLast());
        while (bySlot.containsKey(slot) && !used.get(slot)) {
            terms.add(at(Register.slot(slot)));
            slot += slots(terms.getLast());
        }
        return terms;
    }
}
