package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.nftables.Bitwise;
import io.fairlead.netfilter.nftables.Cmp;
import io.fairlead.netfilter.nftables.Counter;
import io.fairlead.netfilter.nftables.Ct;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Dynset;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Fib;
import io.fairlead.netfilter.nftables.Immediate;
import io.fairlead.netfilter.nftables.Limit;
import io.fairlead.netfilter.nftables.Log;
import io.fairlead.netfilter.nftables.Lookup;
import io.fairlead.netfilter.nftables.Masquerade;
import io.fairlead.netfilter.nftables.Meta;
import io.fairlead.netfilter.nftables.MetaSet;
import io.fairlead.netfilter.nftables.Nat;
import io.fairlead.netfilter.nftables.Notrack;
import io.fairlead.netfilter.nftables.Numgen;
import io.fairlead.netfilter.nftables.Payload;
import io.fairlead.netfilter.nftables.Range;
import io.fairlead.netfilter.nftables.Redirect;
import io.fairlead.netfilter.nftables.Register;
import io.fairlead.netfilter.nftables.Reject;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Unknown;
import io.fairlead.netfilter.nftables.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** One expression on the register machine of one walk. */
final class NftEvaluation {

    /** More ways than any rule has endpoints. */
    private static final int MOST_NUMBERS = 65_536;

    /** Kernel names of expressions that have no influence on a packet's way. */
    private static final Set<String> HARMLESS = Set.of("last", "objref", "quota", "flow_offload", "dup");

    /** Kernel names of expressions that end a packet's way in a manner that is not known. */
    private static final Set<String> DECIDING = Set.of("target", "queue", "tproxy", "synproxy", "fwd");

    private final NftablesPosition position;
    private final Walk walk;
    private final Traversal traversal;
    private final Registers registers;

    NftEvaluation(NftablesPosition position, Walk walk, Traversal traversal) {
        this.position = position;
        this.walk = walk;
        this.traversal = traversal;
        this.registers = position.registers();
    }

    void evaluate(Expression expression) {
        switch (expression) {
            case Payload payload -> goOnIf(NftLoads.payload(payload, walk, registers));
            case Meta meta -> NftLoads.meta(meta, walk, registers);
            case Ct ct -> goOnIf(NftLoads.connection(ct, walk, registers));
            case Fib fib -> NftLoads.route(fib, walk, traversal.host(), registers);
            case Cmp cmp -> decide(compare(cmp));
            case Range range -> decide(range(range));
            case Limit limit ->
                decide(new Answer.Depends(
                        "the rate is above " + limit.rate() + " in " + limit.unitSeconds() + " s", !limit.inverted()));
            case Bitwise bitwise -> bitwise(bitwise);
            case Immediate(Register to, Data data) -> registers.put(to, data);
            case Immediate(Register _, Verdict verdict) -> position.verdict(verdict, walk);
            case Lookup lookup -> lookup(lookup);
            case Numgen numgen -> number(numgen);
            case Dynset dynset -> change(dynset);
            case MetaSet(var key, var from) -> set(key, from);
            case Notrack _ -> {
                walk.packet = walk.packet.withState(ConnectionState.UNTRACKED);
                walk.hit(position.here(), new Effect.Nothing("notrack"));
            }
            case Counter _, Log _ -> {}
            case Nat nat -> NftTargets.nat(nat, registers, position.here(), walk, traversal);
            case Masquerade _ -> {
                walk.hit(position.here(), new Effect.Snat(new Outcome.NewSource.Masqueraded()));
                walk.translateSource(new Outcome.NewSource.Masqueraded());
            }
            case Redirect redirect -> NftTargets.redirect(redirect, registers, position.here(), walk);
            case Reject reject -> NftTargets.reject(reject, position.here(), walk);
            case Unknown unknown -> unknown(unknown);
        }
    }

    private void goOnIf(boolean holds) {
        if (!holds) {
            position.endRule();
        }
    }

    /** Goes on in this rule with those walks for which the answer is yes, and with the next rule otherwise. */
    private void decide(Answer answer) {
        var question = new Question();
        if (!question.and(answer, walk)) {
            position.endRule();
        } else if (!question.isCertain()) {
            // The copies are made at the end of the rule; the one for which it holds comes back to this place.
            var here = position.copy();
            position.endRule();
            var after = position.copy();
            var taken = question.decide(walk, traversal);
            if (taken == walk) {
                walk.position = here;
            } else {
                taken.position = here;
                walk.position = after;
            }
        }
    }

    private Answer compare(Cmp cmp) {
        int length = cmp.data().length();
        var unknown = registers.unknown(cmp.sreg(), length);
        if (unknown.isPresent()) {
            boolean impossible = unknown.get().equals("it comes in through")
                    && text(cmp.data()).equals("lo");
            Answer equal =
                    impossible ? Answer.Certain.NO : new Answer.Depends(unknown.get() + " " + text(cmp.data()), false);
            return cmp.op() == Cmp.Op.EQ ? equal : equal.negatedIf(cmp.op() == Cmp.Op.NEQ);
        }
        int order = registers.get(cmp.sreg(), length).compareTo(cmp.data());
        return Answer.of(
                switch (cmp.op()) {
                    case EQ -> order == 0;
                    case NEQ -> order != 0;
                    case LT -> order < 0;
                    case LTE -> order <= 0;
                    case GT -> order > 0;
                    case GTE -> order >= 0;
                });
    }

    /** A name as such; a name that is cut stands for all that begin so. */
    static String text(Data data) {
        var bytes = data.toBytes();
        int end = 0;
        while (end < bytes.length && bytes[end] > ' ') {
            end++;
        }
        if (end == 0) {
            return data.toString();
        }
        var name = new String(bytes, 0, end, StandardCharsets.UTF_8);
        return end == bytes.length ? name + "*" : name;
    }

    private Answer range(Range range) {
        var value = registers.get(range.sreg(), range.from().length());
        boolean inside = range.from().compareTo(value) <= 0 && value.compareTo(range.to()) <= 0;
        return Answer.of(inside != range.inverted());
    }

    private void bitwise(Bitwise bitwise) {
        var value = registers.get(bitwise.sreg(), bitwise.mask().length()).toBytes();
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (value[i] & bitwise.mask().at(i) ^ bitwise.xor().at(i));
        }
        registers.put(bitwise.dreg(), value);
    }

    private void lookup(Lookup lookup) {
        int length = position.sets().keyLength(lookup.set()).orElse(0);
        var unknown = registers.unknown(lookup.sreg(), length);
        if (unknown.isPresent()) {
            decide(new Answer.Depends(unknown.get() + " an interface in " + name(lookup.set()), lookup.inverted()));
            return;
        }
        var key = registers.get(lookup.sreg(), length);
        var found = position.sets().find(lookup.set(), key);
        boolean there = found.isPresent() || isRemembered(lookup.set(), key);
        if (there == lookup.inverted()) {
            position.endRule();
            return;
        }
        if (lookup.dreg().isPresent() && found.isPresent()) {
            switch (found.get().value().orElse(Verdict.CONTINUE)) {
                case Data data -> registers.put(lookup.dreg().get(), data);
                case Verdict verdict -> position.verdict(verdict, walk);
            }
        }
    }

    private static String name(SetRef set) {
        return set instanceof SetRef.Named(String name) ? "@" + name : "a set of the rule";
    }

    /** Whether a set that rules fill holds the client: from an earlier rule, or as far as is known. */
    private boolean isRemembered(SetRef set, Data key) {
        return set instanceof SetRef.Named(String name)
                && position.sets().isFilledByRules(set)
                && (walk.remembered.contains(name + " " + key)
                        || traversal.host().recent().getOrDefault(name, Set.of()).stream()
                                .anyMatch(address -> Data.of(address).equals(key)));
    }

    private void number(Numgen numgen) {
        int modulus = numgen.modulus();
        if (modulus > MOST_NUMBERS) {
            walk.hit(position.here(), new Effect.Unknown("numgen mod " + modulus));
            walk.end(Fate.UNKNOWN, "numgen mod " + modulus);
            return;
        }
        for (int i = 0; i < modulus - 1; i++) {
            var taken = traversal.fork(walk, Fraction.of(1, modulus - i));
            if (taken.position instanceof NftablesPosition there) {
                there.registers().put(numgen.dreg(), Data.ofHostInt(numgen.offset() + i));
            }
        }
        registers.put(numgen.dreg(), Data.ofHostInt(numgen.offset() + modulus - 1));
    }

    private void change(Dynset dynset) {
        var set = SetRef.named(dynset.set());
        var key = registers.get(dynset.key(), position.sets().keyLength(set).orElse(0));
        if (dynset.op() == Dynset.Op.DELETE) {
            walk.remembered.remove(dynset.set() + " " + key);
        } else {
            walk.remembered.add(dynset.set() + " " + key);
        }
    }

    private void set(Meta.Key key, Register from) {
        if (key == Meta.Key.MARK) {
            walk.mark((int) registers.get(from, Integer.BYTES).hostEndian());
            walk.hit(position.here(), new Effect.Mark(walk.packet.mark()));
        }
    }

    private void unknown(Unknown unknown) {
        var name = unknown.kernelName();
        if (DECIDING.contains(name)) {
            walk.hit(position.here(), new Effect.Unknown(name));
            walk.end(Fate.UNKNOWN, "expression " + name);
        } else if (!HARMLESS.contains(name)) {
            decide(new Answer.Depends(
                    "expression " + name + " of a rule in " + position.here().chain() + " holds", false));
        }
    }
}
