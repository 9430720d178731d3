package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Random rules that a kernel's filter table accepts in a chain of our own. */
final class Rules {

    private static final List<String> STATES =
            List.of("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT");
    /** xt_addrtype knows no broadcast in IPv6, so none here. */
    private static final List<String> TYPES = List.of("UNICAST", "LOCAL", "ANYCAST", "MULTICAST");

    private static final String COMMENT_CHARACTERS = "abcXYZ019 -_/:.,;!$`'\"\\()[]{}<>|&*?#~%^+=@é漢😀";

    private final Random random;
    private final IpFamily family;

    private Rules(Random random, IpFamily family) {
        this.random = random;
        this.family = family;
    }

    static Arbitrary<Rule> of(IpFamily family) {
        return Arbitraries.randomValue(random -> new Rules(random, family).rule());
    }

    private Rule rule() {
        var matches = new ArrayList<Match>();
        for (var end : Match.End.values()) {
            if (random.nextInt(3) == 0) {
                matches.add(address(end));
            }
            if (random.nextInt(6) == 0) {
                matches.add(new Match.Interface(
                        end, "eth" + random.nextInt(10) + (random.nextBoolean() ? "+" : ""), random.nextBoolean()));
            }
        }
        if (random.nextBoolean()) {
            protocol(matches);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            matches.add(random.nextInt(matches.size() + 1), condition());
        }
        return new Rule(matches, target());
    }

    private Match.Address address(Match.End end) {
        var bytes = new byte[family.bits() / 8];
        random.nextBytes(bytes);
        var address = IpAddress.ofBytes(bytes);
        boolean bare = random.nextBoolean();
        var prefix = bare ? IpPrefix.host(address) : new IpPrefix(address, 1 + random.nextInt(family.bits()));
        return new Match.Address(end, prefix, bare, random.nextBoolean());
    }

    private void protocol(List<Match> matches) {
        var name = List.of("tcp", "udp", "sctp").get(random.nextInt(3));
        boolean negated = random.nextInt(4) == 0;
        int place = random.nextInt(matches.size() + 1);
        matches.add(place, new Match.Protocol(name, negated));
        if (!negated && random.nextInt(4) > 0) {
            int after = place + 1 + random.nextInt(matches.size() - place);
            matches.add(after, new Match.Ports(name, ports(), ports()));
        }
    }

    private Optional<Match.PortRange> ports() {
        int first = random.nextInt(65536);
        return switch (random.nextInt(4)) {
            case 0 -> Optional.of(Match.PortRange.of(first));
            case 1 ->
                Optional.of(new Match.PortRange(first, first + random.nextInt(65536 - first), random.nextBoolean()));
            default -> Optional.empty();
        };
    }

    private Match condition() {
        return switch (random.nextInt(6)) {
            case 0 -> new Match.Conntrack(some(STATES), random.nextBoolean());
            case 1 ->
                new Match.Mark(random.nextInt(), random.nextBoolean() ? -1 : random.nextInt(), random.nextBoolean());
            case 2 ->
                new Match.AddressType(
                        random.nextBoolean() ? Match.End.SOURCE : Match.End.DESTINATION,
                        Set.copyOf(some(TYPES)),
                        random.nextBoolean());
            case 3 -> new Match.Probability(random.nextDouble());
            case 4 -> recent();
            default -> comment();
        };
    }

    private Match comment() {
        var text = new StringBuilder();
        int[] characters = COMMENT_CHARACTERS.codePoints().toArray();
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return new Match.Comment(text.toString());
    }

    private Match recent() {
        var mode = pick(Match.RecentMode.values());
        boolean timed = mode == Match.RecentMode.RCHECK || mode == Match.RecentMode.UPDATE;
        var seconds = timed && random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(100_000)) : OptionalInt.empty();
        return new Match.Recent(
                mode, "KUBE-SEP-" + random.nextInt(5), seconds, seconds.isPresent() && random.nextBoolean());
    }

    private Optional<Target> target() {
        return switch (random.nextInt(6)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(pick(Target.Verdict.values()));
            case 2 -> Optional.of(new Target.Jump("KUBE-OTHER"));
            case 3 -> Optional.of(new Target.Reject(Optional.empty()));
            case 4 -> Optional.of(new Target.Goto("KUBE-OTHER"));
            default -> Optional.of(setMark());
        };
    }

    private Target setMark() {
        int value = random.nextInt();
        return new Target.SetMark(
                value,
                switch (random.nextInt(3)) {
                    case 0 -> value;
                    case 1 -> 0;
                    default -> random.nextInt();
                });
    }

    private List<String> some(List<String> all) {
        var some = new ArrayList<>(all);
        Collections.shuffle(some, random);
        return some.subList(0, 1 + random.nextInt(all.size()));
    }

    private <T> T pick(T[] from) {
        return from[random.nextInt(from.length)];
    }
}
