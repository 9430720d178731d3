package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.trace.Options.Option;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Answers uses of modules that iptables' parser keeps word for word. All options of a use must hold. */
final class IptablesModules {

    private IptablesModules() {}

    static Answer answer(String module, List<String> words, Walk walk, Host host) {
        var options = Options.of(words);
        return switch (module) {
            case "tcp", "udp", "sctp", "udplite", "dccp" ->
                walk.packet.protocol().equals(module) ? all(options, option -> port(option, walk)) : no();
            case "multiport" -> all(options, option -> multiport(option, walk));
            case "conntrack", "state" -> all(options, option -> ConnectionMatch.answer(option, walk));
            case "mark" -> all(options, option -> mark(option, walk.packet.mark()));
            case "connmark" -> all(options, option -> mark(option, walk.connectionMark));
            case "addrtype" -> addressType(options, walk, host);
            case "statistic" -> statistic(options);
            case "recent" -> recent(options, walk, host);
            case "set" -> set(options, walk, host);
            case "iprange" -> all(options, option -> range(option, walk));
            case "limit" -> new Answer.Depends("the rate is above that of --limit " + value(options, "limit"), true);
            case "hashlimit" -> hashLimit(options);
            case "connlimit" -> connectionLimit(options);
            case "icmp", "icmp6" -> icmp(options, walk);
            case "pkttype" ->
                all(
                        options,
                        option -> Answer.of(option.value().equals("unicast")).negatedIf(option.negated()));
            case "rpfilter" ->
                new Answer.Depends(
                        "the way back to the source leads through another interface",
                        Options.find(options, "invert").isEmpty());
            case "physdev" -> physical(options);
            case "comment", "nfacct", "quota" -> Answer.Certain.YES;
            case "" -> all(options, IptablesModules::loose);
            default -> new Answer.Depends("-m " + module + " " + String.join(" ", words) + " holds", false);
        };
    }

    private static Answer no() {
        return Answer.Certain.NO;
    }

    private static String value(List<Option> options, String name) {
        return Options.find(options, name).map(Option::value).orElse("");
    }

    /** What holds when all hold; of several that are not certain, the last. */
    private static Answer all(List<Option> options, Function<Option, Answer> each) {
        Answer result = Answer.Certain.YES;
        for (var option : options) {
            var answer = each.apply(option);
            if (answer == Answer.Certain.NO) {
                return answer;
            }
            result = answer == Answer.Certain.YES ? result : answer;
        }
        return result;
    }

    private static Answer unknown(Option option) {
        var words = (option.negated() ? "! --" : "--") + option.name() + " " + String.join(" ", option.values());
        return new Answer.Depends(words.strip() + " holds", false);
    }

    private static Answer port(Option option, Walk walk) {
        return switch (option.name()) {
            case "sport", "source-port" ->
                Answer.of(Numbers.listsPort(option.value(), walk.packet.source().port()) != option.negated());
            case "dport", "destination-port" ->
                Answer.of(Numbers.listsPort(
                                option.value(), walk.packet.destination().port())
                        != option.negated());
            case "syn" -> Answer.of((walk.packet.state() == ConnectionState.NEW) != option.negated());
            case "tcp-flags" -> flags(option, walk);
            default -> unknown(option);
        };
    }

    /** A first packet has SYN alone, a later one ACK. */
    private static Answer flags(Option option, Walk walk) {
        if (option.values().size() != 2) {
            return unknown(option);
        }
        var carried = walk.packet.state() == ConnectionState.NEW ? "SYN" : "ACK";
        boolean looked = listed(option.values().get(0), carried);
        boolean wanted = looked
                ? option.values().get(1).equals(carried)
                : option.values().get(1).equals("NONE");
        return Answer.of(wanted != option.negated());
    }

    private static boolean listed(String flags, String flag) {
        return flags.equals("ALL") || List.of(flags.split(",", -1)).contains(flag);
    }

    private static Answer multiport(Option option, Walk walk) {
        int from = walk.packet.source().port();
        int to = walk.packet.destination().port();
        return switch (option.name()) {
            case "sports", "source-ports" -> Answer.of(Numbers.listsPort(option.value(), from) != option.negated());
            case "dports", "destination-ports" -> Answer.of(Numbers.listsPort(option.value(), to) != option.negated());
            case "ports" ->
                Answer.of((Numbers.listsPort(option.value(), from) || Numbers.listsPort(option.value(), to))
                        != option.negated());
            default -> unknown(option);
        };
    }

    private static Answer mark(Option option, int mark) {
        return option.name().equals("mark")
                ? Numbers.masked(option.value())
                        .map(masked -> Answer.of(((mark & masked.mask()) == masked.value()) != option.negated()))
                        .orElseGet(() -> unknown(option))
                : unknown(option);
    }

    private static Answer addressType(List<Option> options, Walk walk, Host host) {
        return all(options, option -> switch (option.name()) {
            case "src-type" -> kind(walk.packet.source().address(), option, host);
            case "dst-type" -> kind(walk.packet.destination().address(), option, host);
            // Only narrows down which addresses are local; they are taken to be on the right interface.
            case "limit-iface-in", "limit-iface-out" -> Answer.Certain.YES;
            default -> unknown(option);
        });
    }

    private static Answer kind(IpAddress address, Option option, Host host) {
        return IptablesMatches.addressType(address, Set.of(option.value().split(",", -1)), host)
                .negatedIf(option.negated());
    }

    /** Every n-th packet is one in n for whoever does not know the counter. */
    private static Answer statistic(List<Option> options) {
        var probability = Options.find(options, "probability");
        var every = Options.find(options, "every");
        if (probability.isPresent()) {
            try {
                double value = Double.parseDouble(probability.get().value());
                return value >= 0 && value <= 1
                        ? new Answer.Chance(Fraction.ofStatistic(value))
                                .negatedIf(probability.get().negated())
                        : unknown(probability.get());
            } catch (NumberFormatException _) {
                return unknown(probability.get());
            }
        }
        long n = every.map(option -> Numbers.number(option.value())).orElse(-1L);
        return n >= 1
                ? new Answer.Chance(Fraction.of(1, n)).negatedIf(every.get().negated())
                : new Answer.Depends("-m statistic holds", false);
    }

    private static Answer recent(List<Option> options, Walk walk, Host host) {
        var address = Options.find(options, "rdest").isPresent() ? walk.packet.destination() : walk.packet.source();
        var name = Options.find(options, "name").map(Option::value).orElse("DEFAULT");
        if (Options.find(options, "set").isPresent()) {
            walk.remembered.add(name);
            return Answer.Certain.YES;
        }
        boolean negated = options.stream().anyMatch(Option::negated);
        boolean listed = host.recent().getOrDefault(name, Set.of()).contains(address.address());
        return Options.find(options, "hitcount").isPresent() && listed
                ? new Answer.Depends("list " + name + " has too few entries", !negated)
                : Answer.of((listed || walk.remembered.contains(name)) != negated);
    }

    private static Answer set(List<Option> options, Walk walk, Host host) {
        var match = Options.find(options, "match-set");
        if (match.isEmpty() || match.get().values().size() != 2) {
            return new Answer.Depends("-m set holds", false);
        }
        var name = match.get().value();
        var directions = List.of(match.get().values().get(1).split(",", -1));
        var known = host.sets().contains(name, directions, walk.packet);
        Answer answer = known.<Answer>map(Answer::of)
                .orElse(new Answer.Depends("it is in set " + name + " (" + String.join(",", directions) + ")", false));
        return answer.negatedIf(match.get().negated());
    }

    private static Answer range(Option option, Walk walk) {
        var bounds = option.value().split("-", -1);
        var first = IpAddress.tryParse(bounds[0]);
        var last = IpAddress.tryParse(bounds[bounds.length - 1]);
        if (first.isEmpty() || last.isEmpty() || !option.name().matches("(src|dst)-range")) {
            return unknown(option);
        }
        var address = (option.name().equals("src-range") ? walk.packet.source() : walk.packet.destination()).address();
        boolean inside = first.get().compareTo(address) <= 0 && address.compareTo(last.get()) <= 0;
        return Answer.of(inside != option.negated());
    }

    private static Answer hashLimit(List<Option> options) {
        var above = Options.find(options, "hashlimit-above");
        var limit = above.or(() -> Options.find(options, "hashlimit-upto"))
                .or(() -> Options.find(options, "hashlimit"))
                .map(Option::value)
                .orElse("");
        return new Answer.Depends("the rate is above " + limit, above.isEmpty());
    }

    private static Answer connectionLimit(List<Option> options) {
        var above = Options.find(options, "connlimit-above");
        var limit = above.or(() -> Options.find(options, "connlimit-upto"))
                .map(Option::value)
                .orElse("");
        boolean holdsBelow = above.isEmpty() != options.stream().anyMatch(Option::negated);
        return new Answer.Depends("there are more than " + limit + " connections", holdsBelow);
    }

    /** A ping is what people trace. */
    private static Answer icmp(List<Option> options, Walk walk) {
        boolean six = walk.packet.protocol().equals("ipv6-icmp");
        if (!six && !walk.packet.protocol().equals("icmp")) {
            return no();
        }
        return all(options, option -> {
            boolean echo = Set.of("any", "echo-request", six ? "128" : "8", six ? "128/0" : "8/0")
                    .contains(option.value());
            return Answer.of(echo != option.negated());
        });
    }

    /** Nothing is taken to go through a bridge. */
    private static Answer physical(List<Option> options) {
        boolean negated = !options.isEmpty() && options.stream().allMatch(Option::negated);
        return new Answer.Depends("it goes through a bridge", negated);
    }

    private static Answer loose(Option option) {
        return switch (option.name()) {
            case "f", "fragment" -> Answer.of(option.negated());
            case "4", "6" -> Answer.Certain.YES;
            default -> unknown(option);
        };
    }
}
