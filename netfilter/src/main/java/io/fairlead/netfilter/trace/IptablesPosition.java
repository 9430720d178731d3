package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.iptables.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule of iptables that is to be asked next, and where to go back to. */
final class IptablesPosition implements Position {

    /** Where a chain was called. */
    private record Caller(
            String chain,
            List<Rule> rules,
            int next,
            @Nullable Caller caller,
            int depth) {}

    /** More than any sound listing has; jumps in a circle are refused by the kernel, but a file may hold them. */
    private static final int DEEPEST = 128;

    private final IptablesRules.Source source;
    private final Table table;
    private final String base;
    private String chain;
    private List<Rule> rules;
    private int next;
    private @Nullable Caller caller;

    IptablesPosition(IptablesRules.Source source, Table table, String base) {
        this.source = source;
        this.table = table;
        this.base = base;
        this.chain = base;
        this.rules = source.rules(table, base).orElse(List.of());
    }

    private IptablesPosition(IptablesPosition from) {
        this.source = from.source;
        this.table = from.table;
        this.base = from.base;
        this.chain = from.chain;
        this.rules = from.rules;
        this.next = from.next;
        this.caller = from.caller;
    }

    @Override
    public Position copy() {
        return new IptablesPosition(this);
    }

    @Override
    public void step(Walk walk, Traversal traversal) {
        while (next < rules.size()) {
            var rule = rules.get(next++);
            var question = ask(rule, walk, traversal);
            if (question != null) {
                decide(rule, question, walk, traversal);
                return;
            }
        }
        comeBack(walk);
    }

    private static @Nullable Question ask(Rule rule, Walk walk, Traversal traversal) {
        var question = new Question();
        for (var match : rule.matches()) {
            if (!question.and(IptablesMatches.answer(match, walk, traversal.host()), walk)) {
                return null;
            }
        }
        return question;
    }

    private void decide(Rule rule, Question question, Walk walk, Traversal traversal) {
        int index = next - 1;
        var ref = new IptablesRule(source.family(), table, chain, index, rule);
        if (rule.target().isEmpty()) {
            if (question.isCertain()) {
                walk.hit(ref, new Effect.Nothing(""));
            }
            return;
        }
        var target = rule.target().get();
        if (!question.isCertain() && IptablesTargets.isWithoutEffect(target)) {
            return;
        }
        var taken = question.decide(walk, traversal);
        if (!taken.ended && taken.position instanceof IptablesPosition there) {
            there.apply(target, ref, taken, traversal);
        }
    }

    private void apply(Target target, RuleRef ref, Walk walk, Traversal traversal) {
        switch (target) {
            case Target.Jump(String to) -> call(to, ref, new Effect.Jump(to), true, walk);
            case Target.Goto(String to) -> call(to, ref, new Effect.Goto(to), false, walk);
            case Target.Verdict verdict -> {
                switch (verdict) {
                    case ACCEPT -> {
                        walk.hit(ref, new Effect.Accept());
                        walk.leaveChain();
                    }
                    case DROP -> {
                        walk.hit(ref, new Effect.Drop());
                        walk.end(Fate.DROPPED, "");
                    }
                    case RETURN -> {
                        walk.hit(ref, new Effect.Return());
                        comeBack(walk);
                    }
                }
            }
            default -> IptablesTargets.apply(target, ref, walk, traversal);
        }
    }

    private void call(String to, RuleRef ref, Effect effect, boolean comesBack, Walk walk) {
        var called = source.rules(table, to);
        int depth = caller == null ? 0 : caller.depth();
        if (called.isEmpty()) {
            walk.hit(ref, new Effect.Unknown(to));
            walk.end(Fate.UNKNOWN, to + " is neither a chain nor a target that is known");
            return;
        }
        walk.hit(ref, effect);
        if (depth == DEEPEST) {
            walk.end(Fate.UNKNOWN, "jumps lead into each other without end at " + to);
            return;
        }
        if (comesBack) {
            caller = new Caller(chain, rules, next, caller, depth + 1);
        }
        chain = to;
        rules = called.get();
        next = 0;
    }

    private void comeBack(Walk walk) {
        if (caller != null) {
            chain = caller.chain();
            rules = caller.rules();
            next = caller.next();
            caller = caller.caller();
            return;
        }
        if (source.policy(table, base) == Target.Verdict.DROP) {
            walk.add(new Step.Policy(walk.hook, table.toString(), base, new Effect.Drop()));
            walk.end(Fate.DROPPED, "policy of " + base);
        } else {
            walk.leaveChain();
        }
    }
}
