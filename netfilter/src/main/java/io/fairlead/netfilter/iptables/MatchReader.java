package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Gives the words of one module their type, where they have one. */
final class MatchReader {

    private static final Set<String> WHOLE_ADDRESS =
            Set.of("255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

    private static final Pattern PROBABILITY = Pattern.compile("[01](\\.[0-9]{1,20})?");

    private MatchReader() {}

    /** @param words negations included */
    static Match read(String module, List<String> words) {
        boolean negated = !words.isEmpty() && words.getFirst().equals("!");
        var plain = negated ? words.subList(1, words.size()) : words;
        return typed(module, plain, negated).orElseGet(() -> new Match.Verbatim(module, words));
    }

    private static Optional<Match> typed(String module, List<String> words, boolean negated) {
        if (module.equals("recent")) {
            return negated ? Optional.empty() : recent(words);
        }
        if (module.equals("statistic")) {
            return negated ? Optional.empty() : probability(words);
        }
        if (words.size() != 2) {
            return Optional.empty();
        }
        var value = words.get(1);
        return switch (module + " " + words.getFirst()) {
            case "comment --comment" -> negated ? Optional.empty() : Optional.of(new Match.Comment(value));
            case "nfacct --nfacct-name" -> negated ? Optional.empty() : Optional.of(new Match.Accounting(value));
            case "conntrack --ctstate" -> Optional.of(new Match.Conntrack(List.of(value.split(",", -1)), negated));
            case "addrtype --src-type" -> Optional.of(addressType(Match.End.SOURCE, value, negated));
            case "addrtype --dst-type" -> Optional.of(addressType(Match.End.DESTINATION, value, negated));
            case "mark --mark" ->
                MaskedValue.parse(value).map(mark -> new Match.Mark(mark.value(), mark.mask(), negated));
            default -> Optional.empty();
        };
    }

    private static Match addressType(Match.End end, String types, boolean negated) {
        return new Match.AddressType(end, Set.copyOf(List.of(types.split(",", -1))), negated);
    }

    private static Optional<Match> probability(List<String> words) {
        if (words.size() != 4
                || !words.subList(0, 3).equals(List.of("--mode", "random", "--probability"))
                || !PROBABILITY.matcher(words.get(3)).matches()) {
            return Optional.empty();
        }
        double probability = Double.parseDouble(words.get(3));
        return probability <= 1 ? Optional.of(new Match.Probability(probability)) : Optional.empty();
    }

    private static Optional<Match> recent(List<String> words) {
        Optional<Match.RecentMode> mode = Optional.empty();
        var name = "DEFAULT";
        var seconds = OptionalInt.empty();
        boolean reap = false;
        for (int i = 0; i < words.size(); i++) {
            var value = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (words.get(i)) {
                case "--set" -> mode = Optional.of(Match.RecentMode.SET);
                case "--rcheck" -> mode = Optional.of(Match.RecentMode.RCHECK);
                case "--update" -> mode = Optional.of(Match.RecentMode.UPDATE);
                case "--remove" -> mode = Optional.of(Match.RecentMode.REMOVE);
                case "--reap" -> reap = true;
                case "--rsource" -> {}
                case "--name" -> {
                    name = value;
                    i++;
                }
                case "--seconds" -> {
                    if (!value.matches("[0-9]{1,9}")) {
                        return Optional.empty();
                    }
                    seconds = OptionalInt.of(Integer.parseInt(value));
                    i++;
                }
                case "--mask" -> {
                    if (!WHOLE_ADDRESS.contains(value)) {
                        return Optional.empty();
                    }
                    i++;
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        var finalName = name;
        var finalSeconds = seconds;
        boolean finalReap = reap;
        return mode.map(known -> new Match.Recent(known, finalName, finalSeconds, finalReap));
    }

    /** {@code -s} and {@code -d}: an address, a CIDR, or an address with a dotted mask. */
    static Match address(Match.End end, String text, boolean negated) {
        var single = IpAddress.tryParse(text);
        if (single.isPresent()) {
            return new Match.Address(end, IpPrefix.host(single.get()), true, negated);
        }
        var prefix = IpPrefix.tryParse(text).or(() -> withDottedMask(text));
        if (prefix.isPresent()) {
            return new Match.Address(end, prefix.get(), false, negated);
        }
        var option = end == Match.End.SOURCE ? "-s" : "-d";
        return new Match.Verbatim("", negated ? List.of("!", option, text) : List.of(option, text));
    }

    private static Optional<IpPrefix> withDottedMask(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        return IpAddress.tryParse(text.substring(slash + 1)).flatMap(mask -> {
            int bits = (int) mask.low();
            int length = Integer.bitCount(bits);
            boolean contiguous = bits == (length == 0 ? 0 : -1 << 32 - length);
            return contiguous ? IpPrefix.tryParse(text.substring(0, slash + 1) + length) : Optional.empty();
        });
    }

    /** {@code 80}, {@code 1024:65535}, {@code :80} or {@code 1024:}. */
    static Optional<Match.PortRange> ports(String text, boolean negated) {
        int colon = text.indexOf(':');
        int first = port(colon < 0 ? text : text.substring(0, colon), 0);
        int last = colon < 0 ? first : port(text.substring(colon + 1), 65535);
        return first >= 0 && first <= last && last <= 65535
                ? Optional.of(new Match.PortRange(first, last, negated))
                : Optional.empty();
    }

    private static int port(String text, int whenEmpty) {
        if (text.isEmpty()) {
            return whenEmpty;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || value > 65535) {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }
}
