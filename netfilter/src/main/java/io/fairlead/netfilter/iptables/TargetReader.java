package io.fairlead.netfilter.iptables;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives a target and its options their type, where they have one. */
final class TargetReader {

    /** Targets of iptables-extensions(8) and ip6tables: not chains. */
    private static final Set<String> EXTENSIONS = Set.of(
            "AUDIT",
            "CHECKSUM",
            "CLASSIFY",
            "CLUSTERIP",
            "CONNMARK",
            "CONNSECMARK",
            "CT",
            "DNAT",
            "DNPT",
            "DSCP",
            "ECN",
            "HL",
            "HMARK",
            "IDLETIMER",
            "LED",
            "LOG",
            "MARK",
            "MASQUERADE",
            "NETMAP",
            "NFLOG",
            "NFQUEUE",
            "NOTRACK",
            "QUEUE",
            "RATEEST",
            "REDIRECT",
            "REJECT",
            "SECMARK",
            "SET",
            "SNAT",
            "SNPT",
            "SYNPROXY",
            "TCPMSS",
            "TCPOPTSTRIP",
            "TEE",
            "TOS",
            "TPROXY",
            "TRACE",
            "TTL",
            "ULOG");

    private TargetReader() {}

    static boolean isExtension(String name) {
        return EXTENSIONS.contains(name);
    }

    static Target read(String name, List<String> words) {
        return typed(name, words).orElseGet(() -> new Target.Verbatim(name, words));
    }

    private static Optional<Target> typed(String name, List<String> words) {
        return switch (name) {
            case "ACCEPT", "DROP", "RETURN" -> when(words.isEmpty(), Target.Verdict.valueOf(name));
            case "DNAT" ->
                words.size() == 2 && words.getFirst().equals("--to-destination")
                        ? Optional.of(new Target.Dnat(words.get(1)))
                        : Optional.empty();
            case "MARK" -> words.size() == 2 ? mark(words.getFirst(), words.get(1)) : Optional.empty();
            case "MASQUERADE" -> masquerade(words);
            case "REJECT" -> reject(words);
            default -> when(words.isEmpty() && !isExtension(name), new Target.Jump(name));
        };
    }

    private static Optional<Target> when(boolean typed, Target target) {
        return typed ? Optional.of(target) : Optional.empty();
    }

    private static Optional<Target> mark(String option, String text) {
        return MaskedValue.parse(text).flatMap(mark -> {
            int value = mark.value();
            boolean masked = text.indexOf('/') >= 0;
            return switch (option) {
                case "--set-xmark" -> Optional.of(new Target.SetMark(value, mark.mask()));
                case "--set-mark" -> Optional.of(new Target.SetMark(value, mark.mask() | value));
                case "--or-mark" -> when(!masked, new Target.SetMark(value, value));
                case "--xor-mark" -> when(!masked, new Target.SetMark(value, 0));
                case "--and-mark" -> when(!masked, new Target.SetMark(0, ~value));
                default -> Optional.empty();
            };
        });
    }

    private static Optional<Target> masquerade(List<String> words) {
        boolean randomFully = !words.isEmpty() && words.getLast().equals("--random-fully");
        var rest = randomFully ? words.subList(0, words.size() - 1) : words;
        if (rest.isEmpty()) {
            return Optional.of(new Target.Masquerade(Optional.empty(), randomFully));
        }
        return rest.size() == 2 && rest.getFirst().equals("--to-ports")
                ? Optional.of(new Target.Masquerade(Optional.of(rest.get(1)), randomFully))
                : Optional.empty();
    }

    private static Optional<Target> reject(List<String> words) {
        if (words.isEmpty()) {
            return Optional.of(new Target.Reject(Optional.empty()));
        }
        return words.size() == 2 && words.getFirst().equals("--reject-with")
                ? Optional.of(new Target.Reject(Optional.of(words.get(1))))
                : Optional.empty();
    }
}
