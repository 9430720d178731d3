package io.fairlead.proxy.iptables;

import io.fairlead.proxy.dataplane.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One change to one of our rules in a listing that must be found and can be mended.
 *
 * @param listing the listing afterwards, for {@code iptables-restore}
 * @param kind what the audit should call it
 * @param text a rule that the audit should name
 */
public record Sabotage(String listing, Finding.Kind kind, String text) {

    /** What is done to a rule. */
    private enum Deed {
        REMOVE,
        ALTER,
        DUPLICATE,
        SWAP,
        SLIP_IN,
        LEAVE_BEHIND
    }

    private static final String FOREIGN = " -m mark --mark 0x7 -j ACCEPT";

    /** Chains in which the order of different Services' rules means nothing. */
    private static final List<String> ANY_ORDER = List.of(
            "KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL", "KUBE-FIREWALL");

    /** Something different for each state of {@code random}. */
    public static Sabotage of(String listing, Random random) {
        while (true) {
            var lines = new ArrayList<>(listing.lines().toList());
            var ours = IntStream.range(0, lines.size())
                    .filter(i -> isOurs(lines.get(i)))
                    .toArray();
            int at = ours[random.nextInt(ours.length)];
            var deed = Deed.values()[random.nextInt(Deed.values().length)];
            var done = apply(deed, lines, at, random);
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    private static boolean isOurs(String line) {
        return line.startsWith("-A KUBE-") && !line.startsWith("-A KUBE-KUBELET")
                || line.startsWith("-A ") && line.contains(" -j KUBE-");
    }

    private static Optional<Sabotage> apply(Deed deed, List<String> lines, int at, Random random) {
        var line = lines.get(at);
        return switch (deed) {
            case REMOVE -> {
                lines.remove(at);
                yield of(lines, Finding.Kind.MISSING, line);
            }
            case ALTER ->
                altered(line).flatMap(other -> {
                    lines.set(at, other);
                    return of(lines, Finding.Kind.ALTERED, line);
                });
            case DUPLICATE -> {
                lines.add(random.nextBoolean() ? at + 1 : endOfChain(lines, at), line);
                yield of(lines, Finding.Kind.DUPLICATE, line);
            }
            case SWAP -> swapped(lines, at);
            case SLIP_IN -> {
                if (!chain(line).startsWith("KUBE-")) {
                    yield Optional.empty();
                }
                var foreign = "-A " + chain(line) + FOREIGN;
                lines.add(at, foreign);
                yield of(lines, Finding.Kind.FOREIGN, foreign);
            }
            case LEAVE_BEHIND -> {
                int nat = lines.indexOf("*nat");
                lines.add(nat + 1, ":KUBE-SEP-LEFTBEHINDLEFTBE - [0:0]");
                yield of(lines, Finding.Kind.STALE, ":KUBE-SEP-LEFTBEHINDLEFTBE - [0:0]");
            }
        };
    }

    private static Optional<Sabotage> of(List<String> lines, Finding.Kind kind, String text) {
        return Optional.of(new Sabotage(String.join("\n", lines) + "\n", kind, text));
    }

    private static Optional<Sabotage> swapped(List<String> lines, int at) {
        var line = lines.get(at);
        var next = lines.get(at + 1);
        boolean tail = next.contains("this must be the last rule");
        boolean meansNothing = ANY_ORDER.contains(chain(line)) && !tail;
        if (!isOurs(next) || !chain(next).equals(chain(line)) || meansNothing) {
            return Optional.empty();
        }
        lines.set(at, next);
        lines.set(at + 1, line);
        return of(lines, Finding.Kind.ORDER, "");
    }

    private static Optional<String> altered(String line) {
        var other = line.replaceFirst("--dport \\d+", "--dport 9")
                .replaceFirst("0x4000/0x4000 -j ", "0x8000/0x8000 -j ")
                .replaceFirst("(--to-destination .*)\\d$", "$17")
                .replaceFirst(" -m conntrack --ctstate NEW", "")
                .replaceFirst("-A (INPUT|OUTPUT) -j KUBE-FIREWALL", "-A $1 -p tcp -j KUBE-FIREWALL");
        return other.equals(line) ? Optional.empty() : Optional.of(other);
    }

    private static int endOfChain(List<String> lines, int at) {
        int end = at;
        while (lines.get(end).startsWith("-A " + chain(lines.get(at)) + " ")) {
            end++;
        }
        return end;
    }

    private static String chain(String line) {
        return line.split(" ", 3)[1];
    }
}
