package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import io.fairlead.proxy.dataplane.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One change to one rule, chain or element of a table that must be found and can be mended.
 *
 * @param deed does it
 * @param kind what the audit should call it
 * @param place where the audit should see it
 * @param text what it should name; empty when any text will do
 */
record NftSabotage(Transaction deed, Finding.Kind kind, String place, String text) {

    private enum Deed {
        REMOVE_RULE,
        ALTER_RULE,
        DUPLICATE_RULE,
        SWAP_RULES,
        SLIP_IN_RULE,
        MOVE_HOOK,
        LEAVE_CHAIN_BEHIND,
        REMOVE_ELEMENT,
        ALTER_ELEMENT,
        ADD_ELEMENT
    }

    /** Something different for each state of {@code random}. */
    static NftSabotage of(TableImage table, Random random) {
        while (true) {
            var done = apply(Deed.values()[random.nextInt(Deed.values().length)], table, random);
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    private static Optional<NftSabotage> apply(Deed deed, TableImage table, Random random) {
        return switch (deed) {
            case MOVE_HOOK, LEAVE_CHAIN_BEHIND -> chain(deed, table, random);
            case REMOVE_ELEMENT, ALTER_ELEMENT, ADD_ELEMENT -> element(deed, table, random);
            default -> rule(deed, table, random);
        };
    }

    private static Optional<NftSabotage> rule(Deed deed, TableImage table, Random random) {
        var chain = one(List.copyOf(table.chains().keySet()), random);
        var rules = new ArrayList<>(table.rulesOf(chain));
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        int at = random.nextInt(rules.size());
        var rule = rules.get(at);
        var text = NftPrinter.rule(table.table().id().family(), rule);
        Finding.Kind kind;
        switch (deed) {
            case REMOVE_RULE -> {
                rules.remove(at);
                kind = Finding.Kind.MISSING;
            }
            case ALTER_RULE -> {
                rules.set(at, rule.withComment("altered"));
                kind = Finding.Kind.ALTERED;
            }
            case DUPLICATE_RULE -> {
                rules.add(random.nextInt(rules.size() + 1), rule);
                kind = Finding.Kind.DUPLICATE;
            }
            case SWAP_RULES -> {
                if (at == 0 || rules.get(at - 1).equals(rule)) {
                    return Optional.empty();
                }
                rules.set(at, rules.set(at - 1, rule));
                kind = Finding.Kind.ORDER;
                text = "";
            }
            default -> {
                var foreign = RuleBuilder.of(IpFamily.IPV4).whenMark(7).accept().build();
                rules.add(at, foreign);
                kind = Finding.Kind.FOREIGN;
                text = NftPrinter.rule(table.table().id().family(), foreign);
            }
        }
        return Optional.of(new NftSabotage(rewrite(table, chain, rules), kind, "chain " + chain, text));
    }

    private static Transaction rewrite(TableImage table, String chain, List<Rule> rules) {
        var change = new Transaction(table.table().id()).flushChain(chain);
        rules.forEach(rule -> change.add(chain, rule));
        return change;
    }

    private static Optional<NftSabotage> chain(Deed deed, TableImage table, Random random) {
        if (deed == Deed.LEAVE_CHAIN_BEHIND) {
            var name = "service-ABCDEFGH-left/behind/tcp/";
            var change = new Transaction(table.table().id())
                    .add(Chain.regular(name))
                    .add(name, RuleBuilder.of(IpFamily.IPV4).drop().build());
            return Optional.of(new NftSabotage(
                    change, Finding.Kind.STALE, "table " + table.table().id(), "chain " + name + " { drop }"));
        }
        var chain = one(List.copyOf(table.chains().values()), random);
        if (chain.hook().isEmpty()) {
            return Optional.empty();
        }
        var hook = chain.hook().get();
        var moved = new Hook(hook.type(), hook.point(), hook.priority() + 5, hook.policy());
        var change =
                new Transaction(table.table().id()).deleteChain(chain.name()).add(Chain.base(chain.name(), moved));
        table.rulesOf(chain.name()).forEach(rule -> change.add(chain.name(), rule));
        return Optional.of(
                new NftSabotage(change, Finding.Kind.ALTERED, "chain " + chain.name(), NftPrinter.hook(moved)));
    }

    private static Optional<NftSabotage> element(Deed deed, TableImage table, Random random) {
        var set = one(List.copyOf(table.sets().values()), random);
        var elements = table.elementsOf(set.name());
        if (elements.isEmpty() || Names.isAffinitySet(set.name())) {
            return Optional.empty();
        }
        var victim = one(elements, random);
        var place = (set.isMap() ? "map " : "set ") + set.name();
        var change = new Transaction(table.table().id());
        var other = one(elements, random);
        return switch (deed) {
            case REMOVE_ELEMENT ->
                Optional.of(new NftSabotage(
                        change.delete(set, List.of(victim)),
                        Finding.Kind.MISSING,
                        place,
                        Endpoints.isMap(set.name()) ? "" : ElementText.of(set, victim)));
            case ALTER_ELEMENT -> {
                if (other.value().equals(victim.value())) {
                    yield Optional.empty();
                }
                var altered = Element.of(victim.key(), other.value().orElseThrow());
                yield Optional.of(new NftSabotage(
                        change.delete(set, List.of(victim)).add(set, List.of(altered)),
                        Finding.Kind.ALTERED,
                        place,
                        Endpoints.isMap(set.name()) ? "" : ElementText.of(set, altered)));
            }
            default -> {
                var foreign = victim.value()
                        .map(value -> Element.of(beyond(victim), value))
                        .orElseGet(() -> Element.of(beyond(victim)));
                boolean there = elements.stream().anyMatch(each -> each.key().equals(foreign.key()));
                yield there
                        ? Optional.empty()
                        : Optional.of(new NftSabotage(
                                change.add(set, List.of(foreign)),
                                Finding.Kind.FOREIGN,
                                place,
                                ElementText.of(set, foreign)));
            }
        };
    }

    /** A key that nobody wants: another first byte. */
    private static Data beyond(Element victim) {
        var bytes = victim.key().toBytes();
        bytes[0] ^= 0x55;
        return Data.of(bytes);
    }

    private static <T> T one(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
