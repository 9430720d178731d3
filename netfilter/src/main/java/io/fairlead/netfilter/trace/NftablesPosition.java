package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Hook.Policy;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of nftables that is to be evaluated next, and where to go back to. */
final class NftablesPosition implements Position {

    /** Where a chain was called. */
    private record Caller(
            String chain,
            List<Rule> rules,
            int next,
            @Nullable Caller caller,
            int depth) {}

    private static final int DEEPEST = 128;

    private final TableImage table;
    private final NftSets sets;
    private final Chain base;
    private Registers registers = new Registers();
    private String chain;
    private List<Rule> rules;
    private int rule;
    private int next;
    private @Nullable Caller caller;

    NftablesPosition(TableImage table, NftSets sets, Chain base) {
        this.table = table;
        this.sets = sets;
        this.base = base;
        this.chain = base.name();
        this.rules = table.rulesOf(base.name());
    }

    private NftablesPosition(NftablesPosition from) {
        this.table = from.table;
        this.sets = from.sets;
        this.base = from.base;
        this.registers = from.registers.copy();
        this.chain = from.chain;
        this.rules = from.rules;
        this.rule = from.rule;
        this.next = from.next;
        this.caller = from.caller;
    }

    @Override
    public Position copy() {
        return new NftablesPosition(this);
    }

    @Override
    public void step(Walk walk, Traversal traversal) {
        if (rule == rules.size()) {
            comeBack(walk);
            return;
        }
        var expressions = rules.get(rule).expressions();
        if (next == expressions.size()) {
            endRule();
            return;
        }
        Expression expression = expressions.get(next++);
        new NftEvaluation(this, walk, traversal).evaluate(expression);
    }

    Registers registers() {
        return registers;
    }

    NftSets sets() {
        return sets;
    }

    /** The next rule. */
    void endRule() {
        rule++;
        next = 0;
    }

    RuleRef here() {
        return new NftablesRule(table.table().id(), chain, rule, rules.get(rule));
    }

    void verdict(Verdict verdict, Walk walk) {
        switch (verdict) {
            case Verdict.Jump(String to) -> call(to, new Effect.Jump(to), true, walk);
            case Verdict.Goto(String to) -> call(to, new Effect.Goto(to), false, walk);
            case Verdict.Plain plain -> {
                switch (plain) {
                    case ACCEPT -> {
                        walk.hit(here(), new Effect.Accept());
                        walk.leaveChain();
                    }
                    case DROP -> {
                        walk.hit(here(), new Effect.Drop());
                        walk.end(Fate.DROPPED, "");
                    }
                    case RETURN -> {
                        walk.hit(here(), new Effect.Return());
                        comeBack(walk);
                    }
                    case CONTINUE, BREAK -> endRule();
                }
            }
        }
    }

    private void call(String to, Effect effect, boolean comesBack, Walk walk) {
        walk.hit(here(), effect);
        int depth = caller == null ? 0 : caller.depth();
        if (table.chain(to).isEmpty() || depth == DEEPEST) {
            walk.end(
                    Fate.UNKNOWN,
                    depth == DEEPEST ? "jumps lead into each other without end at " + to : "there is no chain " + to);
            return;
        }
        if (comesBack) {
            caller = new Caller(chain, rules, rule + 1, caller, depth + 1);
        }
        chain = to;
        rules = table.rulesOf(to);
        rule = 0;
        next = 0;
    }

    private void comeBack(Walk walk) {
        if (caller != null) {
            chain = caller.chain();
            rules = caller.rules();
            rule = caller.next();
            next = 0;
            caller = caller.caller();
            return;
        }
        if (base.hook().filter(hook -> hook.policy() == Policy.DROP).isPresent()) {
            walk.add(new Step.Policy(walk.hook, table.table().id().toString(), base.name(), new Effect.Drop()));
            walk.end(Fate.DROPPED, "policy of " + base.name());
        } else {
            walk.leaveChain();
        }
    }
}
