package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes a rule as {@code iptables-save} 1.8.9 prints it; two rules that print the same are the same to the kernel.
 *
 * <p>Stateless; the family decides what a {@link Target.Reject} without a type is and how long an address is.
 */
public final class SavePrinter {

    /** Options without a type here whose value iptables prints through xtables_save_string. */
    private static final Set<String> STRING_OPTIONS = Set.of(
            "--log-prefix", "--nflog-prefix", "--ulog-prefix", "--comment", "--string", "--helper", "--nfacct-name");

    private final IpFamily family;
    private final String wholeAddress;

    public SavePrinter(IpFamily family) {
        this.family = family;
        this.wholeAddress = family == IpFamily.IPV4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    }

    /** {@code -A CHAIN …}, without a line end. */
    public String line(String chain, Rule rule) {
        var out = new StringBuilder(160).append("-A ").append(chain);
        print(rule, out);
        return out.toString();
    }

    /** Appends the rule, each word with a blank before it. */
    public void print(Rule rule, StringBuilder out) {
        printCanonical(rule.canonical(family), out);
    }

    /** As {@link #print}, for a rule that is its own canonical form in this printer's family. */
    void printCanonical(Rule rule, StringBuilder out) {
        for (var match : rule.matches()) {
            switch (match) {
                case Match.Address address ->
                    negatable(
                            address.negated(),
                            address.end() == Match.End.SOURCE ? "-s" : "-d",
                            address.prefix().toString(),
                            out);
                case Match.Interface device ->
                    negatable(device.negated(), device.end() == Match.End.SOURCE ? "-i" : "-o", device.name(), out);
                default -> {}
            }
        }
        for (var match : rule.matches()) {
            if (match instanceof Match.Protocol(String name, boolean negated)) {
                negatable(negated, "-p", name, out);
            }
        }
        for (var match : rule.matches()) {
            module(match, out);
        }
        rule.target().ifPresent(target -> target(target, out));
    }

    private void module(Match match, StringBuilder out) {
        switch (match) {
            case Match.Address address -> {}
            case Match.Interface device -> {}
            case Match.Protocol protocol -> {}
            case Match.Ports ports -> {
                out.append(" -m ").append(ports.module());
                ports.source().ifPresent(range -> negatable(range.negated(), "--sport", range.text(), out));
                ports.destination().ifPresent(range -> negatable(range.negated(), "--dport", range.text(), out));
            }
            case Match.Comment(String text) -> string(text, out.append(" -m comment --comment "));
            case Match.Conntrack(List<String> states, boolean negated) ->
                negatable(negated, "--ctstate", String.join(",", states), out.append(" -m conntrack"));
            case Match.Mark(int value, int mask, boolean negated) ->
                negatable(
                        negated,
                        "--mark",
                        mask == -1 ? hex(value) : hex(value) + "/" + hex(mask),
                        out.append(" -m mark"));
            case Match.AddressType(Match.End end, Set<String> types, boolean negated) ->
                negatable(
                        negated,
                        end == Match.End.SOURCE ? "--src-type" : "--dst-type",
                        AddressTypes.text(types),
                        out.append(" -m addrtype"));
            case Match.Probability(double probability) ->
                out.append(" -m statistic --mode random --probability ").append(elevenDecimals(probability));
            case Match.Recent recent -> recent(recent, out);
            // The second blank is libxt_nfacct's own.
            case Match.Accounting(String counter) -> string(counter, out.append(" -m nfacct --nfacct-name  "));
            case Match.Verbatim(String module, List<String> words) -> {
                if (!module.isEmpty()) {
                    out.append(" -m ").append(module);
                }
                verbatim(words, out);
            }
        }
    }

    private void recent(Match.Recent recent, StringBuilder out) {
        out.append(" -m recent --").append(recent.mode().name().toLowerCase(Locale.ROOT));
        recent.seconds().ifPresent(seconds -> out.append(" --seconds ").append(seconds));
        if (recent.reap()) {
            out.append(" --reap");
        }
        out.append(" --name ").append(recent.name());
        out.append(" --mask ").append(wholeAddress).append(" --rsource");
    }

    private static void target(Target target, StringBuilder out) {
        switch (target) {
            case Target.Verdict verdict -> out.append(" -j ").append(verdict.name());
            case Target.Jump(String chain) -> out.append(" -j ").append(chain);
            case Target.Goto(String chain) -> out.append(" -g ").append(chain);
            case Target.Dnat(String to) ->
                out.append(" -j DNAT --to-destination ").append(to);
            case Target.Masquerade masquerade -> {
                out.append(" -j MASQUERADE");
                masquerade
                        .toPorts()
                        .ifPresent(ports -> out.append(" --to-ports ").append(ports));
                if (masquerade.randomFully()) {
                    out.append(" --random-fully");
                }
            }
            case Target.SetMark(int value, int mask) ->
                out.append(" -j MARK --set-xmark ")
                        .append(hex(value))
                        .append('/')
                        .append(hex(mask));
            case Target.Reject reject -> {
                out.append(" -j REJECT");
                reject.with().ifPresent(type -> out.append(" --reject-with ").append(type));
            }
            case Target.Verbatim(String name, List<String> words) ->
                verbatim(words, out.append(" -j ").append(name));
        }
    }

    private static void negatable(boolean negated, String option, String value, StringBuilder out) {
        out.append(negated ? " ! " : " ").append(option).append(' ').append(value);
    }

    private static void verbatim(List<String> words, StringBuilder out) {
        var before = "";
        for (var word : words) {
            out.append(' ');
            if (STRING_OPTIONS.contains(before)
                    || word.isEmpty()
                    || word.chars().anyMatch(c -> c == ' ' || c == '"')) {
                string(word, out);
            } else {
                out.append(word);
            }
            before = word;
        }
    }

    /** libxtables' xtables_save_string: quoted as soon as one character is not a letter, a digit, {@code _} or {@code -}. */
    private static void string(String text, StringBuilder out) {
        if (!text.isEmpty() && text.chars().allMatch(SavePrinter::isPlain)) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c == '\'') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    /** The canonical value is a whole number of 2⁻³¹, which a double holds exactly. */
    private static String elevenDecimals(double probability) {
        return new BigDecimal(probability).setScale(11, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }
}
