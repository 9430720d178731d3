package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Bitwise;
import io.fairlead.netfilter.nftables.Cmp;
import io.fairlead.netfilter.nftables.Counter;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Dynset;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Immediate;
import io.fairlead.netfilter.nftables.Limit;
import io.fairlead.netfilter.nftables.Log;
import io.fairlead.netfilter.nftables.Lookup;
import io.fairlead.netfilter.nftables.Masquerade;
import io.fairlead.netfilter.nftables.MetaSet;
import io.fairlead.netfilter.nftables.Nat;
import io.fairlead.netfilter.nftables.Notrack;
import io.fairlead.netfilter.nftables.Range;
import io.fairlead.netfilter.nftables.Redirect;
import io.fairlead.netfilter.nftables.Register;
import io.fairlead.netfilter.nftables.Reject;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Verdict;
import java.util.List;
import java.util.StringJoiner;

/** Turns the expressions of one rule back into nft's phrases, by following what each puts into the registers. */
final class RuleText {

    private final Family family;
    private final Registers registers = new Registers();
    private final StringJoiner phrases = new StringJoiner(" ");

    private RuleText(Family family) {
        this.family = family;
    }

    /** What cannot be said stands between angle brackets, which nft refuses to load. */
    static String of(Family family, Rule rule) {
        var text = new RuleText(family);
        for (var expression : rule.expressions()) {
            try {
                text.read(expression);
            } catch (Unprintable e) {
                text.phrases.add(ValueText.unprintable(expression.kernelName() + " of " + e.getMessage()));
            }
        }
        if (!rule.comment().isEmpty()) {
            text.phrases.add("comment " + ValueText.quoted(rule.comment()));
        }
        return text.phrases.toString();
    }

    private void read(Expression expression) throws Unprintable {
        var loaded = Term.of(expression);
        if (loaded.isPresent()) {
            registers.put(target(expression), loaded.get());
            return;
        }
        switch (expression) {
            case Bitwise bitwise -> bitwise(bitwise);
            case Immediate immediate -> immediate(immediate);
            case Cmp cmp -> phrases.add(Comparison.of(registers.at(cmp.sreg()), cmp.op(), cmp.data()));
            case Range range -> range(range);
            case Lookup lookup -> lookup(lookup);
            case MetaSet set -> phrases.add(MarkText.of(set, registers.at(set.sreg())));
            case Dynset dynset -> dynset(dynset);
            case Nat nat -> phrases.add(NatText.of(nat, registers));
            case Redirect redirect -> phrases.add(NatText.of(redirect, registers));
            case Masquerade masquerade -> phrases.add("masquerade" + NatText.flags(masquerade.flags()));
            case Reject reject -> phrases.add(RejectText.of(family, reject));
            case Counter counter -> phrases.add("counter packets " + counter.packets() + " bytes " + counter.bytes());
            case Limit limit -> phrases.add(StatementText.of(limit));
            case Log log -> phrases.add(StatementText.of(log));
            case Notrack _ -> phrases.add("notrack");
            default -> throw new Unprintable(expression.toString());
        }
    }

    private static Register target(Expression load) throws Unprintable {
        var dreg =
                switch (load) {
                    case io.fairlead.netfilter.nftables.Payload payload -> payload.dreg();
                    case io.fairlead.netfilter.nftables.Meta meta -> meta.dreg();
                    case io.fairlead.netfilter.nftables.Ct ct -> ct.dreg();
                    case io.fairlead.netfilter.nftables.Fib fib -> fib.dreg();
                    case io.fairlead.netfilter.nftables.Numgen numgen -> numgen.dreg();
                    default -> Register.VERDICT;
                };
        if (dreg.isVerdict()) {
            throw new Unprintable("the verdict register");
        }
        return dreg;
    }

    private void bitwise(Bitwise bitwise) throws Unprintable {
        if (registers.at(bitwise.sreg()) instanceof Term.Loaded loaded
                && loaded.length() == bitwise.mask().length()) {
            registers.put(bitwise.dreg(), new Term.Masked(loaded, bitwise.mask(), bitwise.xor()));
        } else {
            throw new Unprintable("something that was calculated before");
        }
    }

    private void immediate(Immediate immediate) throws Unprintable {
        switch (immediate.value()) {
            case Verdict verdict -> phrases.add(ValueText.verdict(verdict));
            case Data data -> registers.put(immediate.dreg(), new Term.Constant(data));
        }
    }

    private void range(Range range) throws Unprintable {
        if (registers.at(range.sreg()) instanceof Term.Loaded loaded
                && loaded.length() == range.from().length()) {
            phrases.add(loaded.text()
                    + (range.inverted() ? " != " : " ")
                    + ValueText.one(loaded.type(), range.from())
                    + "-"
                    + ValueText.one(loaded.type(), range.to()));
        } else {
            throw new Unprintable("something that was calculated");
        }
    }

    private void lookup(Lookup lookup) throws Unprintable {
        var key = key(lookup.sreg());
        var set = set(lookup.set());
        if (lookup.dreg().isEmpty()) {
            phrases.add(key + (lookup.inverted() ? " != " : " ") + set);
            return;
        }
        var dreg = lookup.dreg().get();
        if (dreg.isVerdict()) {
            phrases.add(key + " vmap " + set);
        } else {
            registers.put(dreg, new Term.Mapped(key + " map " + set, Integer.BYTES));
        }
    }

    private String key(Register first) throws Unprintable {
        return key(registers.from(first));
    }

    private static String key(List<Term> terms) throws Unprintable {
        var parts = new StringJoiner(" . ");
        for (var term : terms) {
            if (!(term instanceof Term.Loaded loaded)
                    || loaded.length() != loaded.type().length()) {
                throw new Unprintable("a key of something that was calculated");
            }
            parts.add(loaded.text());
        }
        return parts.toString();
    }

    private static String set(SetRef set) {
        return switch (set) {
            case SetRef.Named named -> "@" + ValueText.name(named.name());
            case SetRef.Anonymous anonymous ->
                "{ "
                        + String.join(
                                ", ",
                                ElementText.of(
                                        anonymous.key(), anonymous.value(), anonymous.interval(), anonymous.elements()))
                        + " }";
        };
    }

    private void dynset(Dynset dynset) throws Unprintable {
        var timeout = dynset.timeoutMillis() == 0 ? "" : " timeout " + TimeText.of(dynset.timeoutMillis());
        var value = "";
        if (dynset.value().isPresent()) {
            value = " : " + key(List.of(registers.at(dynset.value().get())));
        }
        var verb = dynset.op().name().toLowerCase(java.util.Locale.ROOT);
        phrases.add(verb + " @" + ValueText.name(dynset.set()) + " { " + key(dynset.key()) + timeout + value + " }");
    }
}
