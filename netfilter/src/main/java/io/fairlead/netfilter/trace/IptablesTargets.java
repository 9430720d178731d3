package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Target;
import io.fairlead.netfilter.trace.Options.Option;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What targets other than verdicts and jumps do to a walk. */
final class IptablesTargets {

    /** They change nothing about where a packet goes. */
    private static final Set<String> HARMLESS = Set.of(
            "AUDIT",
            "CHECKSUM",
            "CLASSIFY",
            "CONNSECMARK",
            "DSCP",
            "ECN",
            "HL",
            "IDLETIMER",
            "LED",
            "LOG",
            "NFLOG",
            "RATEEST",
            "SECMARK",
            "SET",
            "TCPMSS",
            "TCPOPTSTRIP",
            "TEE",
            "TOS",
            "TRACE",
            "TTL",
            "ULOG");

    private IptablesTargets() {}

    static boolean isWithoutEffect(Target target) {
        return target instanceof Target.Verbatim(var name, var _) && HARMLESS.contains(name);
    }

    static void apply(Target target, RuleRef rule, Walk walk, Traversal traversal) {
        switch (target) {
            case Target.Dnat(String to) -> dnat(to, rule, walk, traversal);
            case Target.Masquerade _ -> snat(new Outcome.NewSource.Masqueraded(), rule, walk);
            case Target.SetMark(int value, int mask) -> {
                walk.mark(walk.packet.mark() & ~mask ^ value);
                walk.hit(rule, new Effect.Mark(walk.packet.mark()));
            }
            case Target.Reject(var with) -> {
                var answer = with.orElse("icmp-port-unreachable");
                walk.hit(rule, new Effect.Reject(answer));
                walk.end(Fate.REJECTED, answer);
            }
            case Target.Verbatim(var name, var words) -> extension(name, Options.of(words), rule, walk, traversal);
            case Target.Verdict _, Target.Jump _, Target.Goto _ ->
                throw new IllegalArgumentException(target + " is for the chain, not for here");
        }
    }

    private static void extension(String name, List<Option> options, RuleRef rule, Walk walk, Traversal traversal) {
        if (HARMLESS.contains(name)) {
            walk.hit(rule, new Effect.Nothing(name));
            return;
        }
        switch (name) {
            case "DNAT" -> dnat(value(options, "to-destination"), rule, walk, traversal);
            case "REDIRECT" -> redirect(port(value(options, "to-ports"), walk), rule, walk);
            case "SNAT" -> snat(new Outcome.NewSource.Rewritten(value(options, "to-source")), rule, walk);
            case "MASQUERADE" -> snat(new Outcome.NewSource.Masqueraded(), rule, walk);
            case "CONNMARK" -> connectionMark(options, rule, walk);
            case "NOTRACK" -> untracked(name, rule, walk);
            case "CT" -> {
                if (Options.find(options, "notrack").isPresent()) {
                    untracked("CT --notrack", rule, walk);
                } else {
                    walk.hit(rule, new Effect.Nothing(name));
                }
            }
            case "REJECT" -> {
                walk.hit(rule, new Effect.Reject(value(options, "reject-with")));
                walk.end(Fate.REJECTED, value(options, "reject-with"));
            }
            default -> unknown("-j " + name, rule, walk);
        }
    }

    private static String value(List<Option> options, String name) {
        return Options.find(options, name).map(Option::value).orElse("");
    }

    private static void unknown(String what, RuleRef rule, Walk walk) {
        walk.hit(rule, new Effect.Unknown(what));
        walk.end(Fate.UNKNOWN, what);
    }

    private static void untracked(String name, RuleRef rule, Walk walk) {
        walk.packet = walk.packet.withState(ConnectionState.UNTRACKED);
        walk.hit(rule, new Effect.Nothing(name));
    }

    private static void dnat(String to, RuleRef rule, Walk walk, Traversal traversal) {
        var candidates = Translation.parse(to).flatMap(known -> known.candidates(walk.packet.destination()));
        if (candidates.isEmpty()) {
            unknown("DNAT to " + to, rule, walk);
            return;
        }
        translate(candidates.get(), rule, walk, traversal);
    }

    /** Sends the walk to one of the endpoints, all equally likely. */
    static void translate(List<Endpoint> endpoints, RuleRef rule, Walk walk, Traversal traversal) {
        for (int left = endpoints.size(); left > 1; left--) {
            var taken = traversal.fork(walk, Fraction.of(1, left));
            if (!taken.ended) {
                translate(endpoints.get(endpoints.size() - left), rule, taken, traversal);
            }
        }
        translate(endpoints.getLast(), rule, walk, traversal);
    }

    private static void translate(Endpoint to, RuleRef rule, Walk walk, Traversal traversal) {
        walk.hit(rule, new Effect.Dnat(to));
        walk.translateDestination(to);
        if (walk.hook == Hook.OUTPUT) {
            walk.out = traversal.routeOf(walk.packet);
        }
    }

    private static Optional<Integer> port(String ports, Walk walk) {
        return Translation.ports(ports)
                .map(range -> new Translation(Optional.empty(), Optional.empty(), Optional.of(range)))
                .flatMap(translation -> translation.candidates(walk.packet.destination()))
                .map(candidates -> candidates.getFirst().port());
    }

    /** To a local process: loopback for what was sent here; else an address of the interface, which nobody need know. */
    static void redirect(Optional<Integer> port, RuleRef rule, Walk walk) {
        var to = new Endpoint(
                IpAddress.parse(walk.packet.family() == IpFamily.IPV4 ? "127.0.0.1" : "::1"),
                port.orElse(walk.packet.destination().port()));
        walk.hit(rule, new Effect.Dnat(to));
        walk.translateDestination(to);
        if (walk.hook == Hook.OUTPUT) {
            walk.out = Device.LOOPBACK;
        }
    }

    private static void snat(Outcome.NewSource to, RuleRef rule, Walk walk) {
        walk.hit(rule, new Effect.Snat(to));
        walk.translateSource(to);
    }

    private static void connectionMark(List<Option> options, RuleRef rule, Walk walk) {
        int from = Options.find(options, "nfmask").map(IptablesTargets::mask).orElse(-1);
        int into = Options.find(options, "ctmask").map(IptablesTargets::mask).orElse(-1);
        int both = Options.find(options, "mask").map(IptablesTargets::mask).orElse(-1);
        if (Options.find(options, "restore-mark").isPresent()) {
            walk.mark(walk.packet.mark() & ~(from & both) ^ walk.connectionMark & into & both);
            walk.hit(rule, new Effect.Mark(walk.packet.mark()));
            return;
        }
        if (Options.find(options, "save-mark").isPresent()) {
            walk.connectionMark = walk.connectionMark & ~(into & both) ^ walk.packet.mark() & from & both;
        }
        Options.find(options, "set-xmark")
                .or(() -> Options.find(options, "set-mark"))
                .flatMap(option -> Numbers.masked(option.value()))
                .ifPresent(set -> walk.connectionMark = walk.connectionMark & ~set.mask() ^ set.value());
        walk.hit(rule, new Effect.Nothing("CONNMARK"));
    }

    private static int mask(Option option) {
        return (int) Numbers.number(option.value());
    }
}
