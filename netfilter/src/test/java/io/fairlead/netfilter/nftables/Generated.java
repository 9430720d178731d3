package io.fairlead.netfilter.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** Tables with a little of everything, from a seed; and what has to be left out when two are compared. */
public final class Generated {

    private final Random random;
    private final IpFamily family;

    private Generated(long seed) {
        random = new Random(seed);
        family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    /** The order of elements means nothing, a chain without rules is one with none, and what is left of a time runs. */
    public static TableImage withoutOrder(TableImage image) {
        var elements = new HashMap<String, List<Element>>();
        image.elements().forEach((set, list) -> {
            if (!list.isEmpty()) {
                elements.put(
                        set,
                        list.stream()
                                // nft puts the end of nothing before the first range.
                                .filter(element ->
                                        !element.intervalEnd() || !element.key().isZero())
                                .map(Generated::withoutExpiry)
                                .sorted(Comparator.comparing(Element::key).thenComparing(Element::intervalEnd))
                                .toList());
            }
        });
        var rules = new HashMap<>(image.rules());
        rules.values().removeIf(List::isEmpty);
        return new TableImage(image.table(), image.chains(), rules, image.sets(), elements);
    }

    private static Element withoutExpiry(Element element) {
        return new Element(
                element.key(),
                element.keyEnd(),
                element.value(),
                element.intervalEnd(),
                element.timeoutMillis(),
                0,
                element.comment());
    }

    public static TableImage table(long seed) {
        return new Generated(seed).table();
    }

    /** A transaction that makes the table from nothing. */
    public static Transaction creation(TableImage image) {
        var transaction = new Transaction(image.table().id()).add(image.table());
        image.chains().values().forEach(transaction::add);
        image.sets().values().forEach(transaction::add);
        image.rules().forEach((chain, rules) -> rules.forEach(rule -> transaction.add(chain, rule)));
        image.elements().forEach((set, elements) -> transaction.add(image.sets().get(set), elements));
        return transaction;
    }

    private TableImage table() {
        var table = Table.of(Family.of(family), "t" + random.nextInt(100)).withComment(comment());
        var chains = new LinkedHashMap<String, Chain>();
        for (var name : List.of("target", "service-ABC-ns/name/tcp/", "other")) {
            chains.put(name, Chain.regular(name).withComment(comment()));
        }
        chains.put("in", Chain.base("in", hook(Hook.Type.FILTER, Hook.Point.INPUT)));
        chains.put("pre", Chain.base("pre", hook(Hook.Type.NAT, Hook.Point.PREROUTING)));
        var sets = new LinkedHashMap<String, NftSet>();
        var elements = new HashMap<String, List<Element>>();
        for (var set : sets()) {
            sets.put(set.name(), set);
            elements.put(set.name(), elements(set));
        }
        var rules = new HashMap<String, List<Rule>>();
        rules.put("in", rules(this::filterRule));
        rules.put("service-ABC-ns/name/tcp/", rules(this::filterRule));
        rules.put("pre", rules(this::natRule));
        return new TableImage(table, chains, rules, sets, elements);
    }

    private Hook hook(Hook.Type type, Hook.Point point) {
        var policy = type == Hook.Type.FILTER && random.nextBoolean() ? Hook.Policy.DROP : Hook.Policy.ACCEPT;
        return new Hook(type, point, random.nextInt(-150, 150), policy);
    }

    private String comment() {
        return random.nextBoolean() ? "" : "comment " + random.nextInt() + (random.nextInt(4) == 0 ? " grün" : "");
    }

    private List<Rule> rules(java.util.function.Supplier<RuleBuilder> one) {
        var rules = new ArrayList<Rule>();
        for (int i = random.nextInt(6); i > 0; i--) {
            rules.add(one.get().comment(comment()));
        }
        return rules;
    }

    private List<NftSet> sets() {
        var address = Field.daddr(family);
        var key = List.<Selector>of(address, Field.META_L4PROTO, Field.TH_DPORT);
        var numbered = List.<Selector>of(address, Field.META_L4PROTO, Field.TH_DPORT, Selector.random(65536));
        return List.of(
                NftSet.set("addresses", address.type()).withComment(comment()),
                NftSet.verdictMap("verdicts", address.type(), DataType.INET_PROTO, DataType.INET_SERVICE)
                        .withComment(comment()),
                NftSet.typeof("endpoints", numbered, List.of(address, Field.TH_DPORT)),
                NftSet.typeof("keys", key, List.of()),
                NftSet.set("ranges", DataType.INET_SERVICE).with(NftSet.Flag.INTERVAL),
                NftSet.set("boxes", address.type(), DataType.INET_SERVICE).with(NftSet.Flag.INTERVAL),
                NftSet.set("clients", address.type())
                        .with(NftSet.Flag.DYNAMIC)
                        .withTimeoutMillis(10_800_000)
                        .withSize(65_535),
                NftSet.map("marks", List.of(address.type()), List.of(DataType.MARK)));
    }

    private IpAddress address() {
        return family == IpFamily.IPV4
                ? IpAddress.v4(random.nextInt())
                : new IpAddress(IpFamily.IPV6, 0xfd00L << 48 | random.nextInt(1 << 20), random.nextLong());
    }

    private Verdict verdict() {
        return switch (random.nextInt(4)) {
            case 0 -> Verdict.DROP;
            case 1 -> Verdict.jump("target");
            case 2 -> Verdict.goTo("target");
            default -> Verdict.ACCEPT;
        };
    }

    private List<Element> elements(NftSet set) {
        if (set.isConcatenatedRange()) {
            var first = new byte[set.key().getFirst().length()];
            random.nextBytes(first);
            first[first.length - 1] = 0;
            var last = first.clone();
            last[last.length - 1] = (byte) 0xff;
            return List.of(Element.of(Data.concat(Data.of(first), Data.ofShort(80)))
                    .withKeyEnd(Data.concat(Data.of(last), Data.ofShort(80 + random.nextInt(100)))));
        }
        if (set.is(NftSet.Flag.INTERVAL)) {
            int from = 1 + random.nextInt(1000);
            return List.of(
                    Element.of(Data.ofShort(from)), Element.endOfRange(Data.ofShort(from + 1 + random.nextInt(1000))));
        }
        var elements = new LinkedHashMap<Data, Element>();
        for (int i = random.nextInt(40); i > 0; i--) {
            var element = element(set);
            elements.put(element.key(), element.withComment(comment()));
        }
        return List.copyOf(elements.values());
    }

    private Element element(NftSet set) {
        return switch (set.name()) {
            case "verdicts" -> Element.of(Data.endpoint(address(), 6, random.nextInt(65_536)), verdict());
            case "endpoints" ->
                Element.of(
                        Data.concat(
                                Data.of(address()),
                                Data.ofByte(random.nextInt(256)),
                                Data.ofShort(random.nextInt(65_536)),
                                Data.ofHostInt(random.nextInt(65_536))),
                        Data.concat(Data.of(address()), Data.ofShort(random.nextInt(65_536))));
            case "keys" -> Element.of(Data.endpoint(address(), random.nextInt(256), random.nextInt(65_536)));
            case "marks" -> Element.of(Data.of(address()), Data.ofHostInt(random.nextInt()));
            case "clients" -> Element.of(Data.of(address())).withTimeoutMillis(1000L * (100 + random.nextInt(10_000)));
            default -> Element.of(Data.of(address()));
        };
    }

    private IpPrefix prefix() {
        return new IpPrefix(address(), 1 + random.nextInt(family.bits()));
    }

    private SetRef anonymousRanges() {
        var elements = new ArrayList<Element>();
        var points = random.ints(6, 1, 60_000).sorted().distinct().boxed().collect(Collectors.toList());
        for (int i = 0; i + 1 < points.size(); i += 2) {
            elements.add(Element.of(Data.ofShort(points.get(i))));
            elements.add(Element.endOfRange(Data.ofShort(points.get(i + 1))));
        }
        return new SetRef.Anonymous(List.of(DataType.INET_SERVICE), List.of(), true, elements);
    }

    private RuleBuilder filterRule() {
        var rule = RuleBuilder.of(family);
        switch (random.nextInt(12)) {
            case 0 -> rule.whenCtState(1 + random.nextInt(15)).jump("target");
            case 1 -> rule.whenSaddr(prefix()).unlessDaddr(prefix()).counter().drop();
            case 2 -> rule.when(Field.daddr(family), SetRef.named("addresses")).reject();
            case 3 -> rule.vmap(SetRef.named("verdicts"), Field.daddr(family), Field.META_L4PROTO, Field.TH_DPORT);
            case 4 -> rule.whenMark(random.nextInt() | 1).setMarkXor(random.nextInt() | 1);
            case 5 -> rule.unlessIifname("cali*").setMarkOr(1 << random.nextInt(32));
            case 6 -> rule.whenFibLocal(Fib.DADDR).whenCtStatus(Ct.STATUS_DNAT).goTo("target");
            case 7 -> rule.update("clients", Field.saddr(family));
            case 8 -> rule.unless(Field.TH_DPORT, anonymousRanges()).accept();
            case 9 ->
                rule.then(new Limit(1 + random.nextInt(100), 1, 7, Limit.Type.PACKETS, random.nextBoolean()))
                        .then(new Log(
                                "log " + random.nextInt(), java.util.OptionalInt.empty(), java.util.OptionalInt.of(3)));
            case 10 ->
                rule.then(Field.TH_DPORT.load(Register.R1))
                        .then(new Range(random.nextBoolean(), Register.R1, Data.ofShort(10), Data.ofShort(20)))
                        .verdict(Verdict.RETURN);
            default -> rule.whenProtocol(17).vmap(anonymousVerdicts(), Selector.random(3));
        }
        return rule;
    }

    private SetRef anonymousVerdicts() {
        var elements = new ArrayList<Element>();
        for (int i = 0; i < 3; i++) {
            elements.add(Element.of(Data.ofHostInt(i), verdict()));
        }
        return new SetRef.Anonymous(List.of(new RandomNumber(3).type()), List.of(DataType.VERDICT), false, elements);
    }

    private RuleBuilder natRule() {
        var rule = RuleBuilder.of(family);
        switch (random.nextInt(4)) {
            case 0 -> rule.whenProtocol(6).dnatTo(address(), 1 + random.nextInt(65_535));
            case 1 ->
                rule.dnatTo(
                        SetRef.named("endpoints"),
                        Field.daddr(family),
                        Field.META_L4PROTO,
                        Field.TH_DPORT,
                        Selector.random(1 + random.nextInt(100)));
            case 2 -> rule.then(new Redirect(Optional.empty(), random.nextBoolean() ? NatFlags.RANDOM : 0));
            default ->
                rule.then(new Immediate(Register.R1, Data.of(address())))
                        .then(new Nat(Nat.Type.DNAT, family, Optional.of(Register.R1), Optional.empty(), 8));
        }
        return rule;
    }
}
