package io.fairlead.netfilter.iptables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a rule as the words that iptables and iptables-restore read, in the forms that kube-proxy uses.
 *
 * <p>Refuses every text that would not stay inside its word, see {@link HostileText}.
 */
abstract class RestoreWords {

    /** A word of the syntax: an option, a module. */
    abstract void option(String word);

    /** A word that comes from data. */
    abstract void value(String word);

    /** The words of a rule as an argument list. */
    static List<String> of(Rule rule) {
        var words = new ArrayList<String>();
        new RestoreWords() {
            @Override
            void option(String word) {
                words.add(word);
            }

            @Override
            void value(String word) {
                words.add(word);
            }
        }.rule(rule);
        return words;
    }

    final void rule(Rule rule) {
        var matches = rule.matches();
        var pairing = PortsPairing.of(matches);
        for (int i = 0; i < matches.size(); i++) {
            if (i == pairing.first()) {
                loadPorts((Match.Ports) matches.get(pairing.ports()));
            }
            if (i == pairing.ports()) {
                ports((Match.Ports) matches.get(i));
            } else if (i != pairing.protocol()) {
                match(matches.get(i));
            }
        }
        rule.target().ifPresent(this::target);
    }

    private void loadPorts(Match.Ports ports) {
        module(ports.module());
        option("-p");
        value(HostileText.name(ports.module()));
    }

    private void match(Match match) {
        switch (match) {
            case Match.Address address -> {
                negation(address.negated());
                option(address.end() == Match.End.SOURCE ? "-s" : "-d");
                value(
                        address.bare()
                                ? address.prefix().address().toString()
                                : address.prefix().toString());
            }
            case Match.Interface device -> {
                negation(device.negated());
                option(device.end() == Match.End.SOURCE ? "-i" : "-o");
                value(HostileText.name(device.name()));
            }
            case Match.Protocol protocol -> {
                negation(protocol.negated());
                option("-p");
                value(HostileText.name(protocol.protocol()));
            }
            case Match.Ports ports -> {
                module(ports.module());
                ports(ports);
            }
            case Match.Comment(String text) -> moduleOption("comment", "--comment", HostileText.name(text));
            case Match.Conntrack conntrack -> {
                module("conntrack");
                negation(conntrack.negated());
                option("--ctstate");
                value(HostileText.word(String.join(",", conntrack.states())));
            }
            case Match.Mark mark -> {
                module("mark");
                negation(mark.negated());
                option("--mark");
                value(hex8(mark.value()) + "/" + hex8(mark.mask()));
            }
            case Match.AddressType type -> {
                module("addrtype");
                negation(type.negated());
                option(type.end() == Match.End.SOURCE ? "--src-type" : "--dst-type");
                value(HostileText.word(AddressTypes.text(type.types())));
            }
            case Match.Probability(double probability) -> {
                module("statistic");
                option("--mode");
                option("random");
                option("--probability");
                value(Canonical.probabilityText(probability));
            }
            case Match.Recent recent -> recent(recent);
            case Match.Accounting(String counter) -> moduleOption("nfacct", "--nfacct-name", HostileText.name(counter));
            case Match.Verbatim(String module, List<String> words) -> {
                if (!module.isEmpty()) {
                    module(module);
                }
                verbatim(words);
            }
        }
    }

    private void ports(Match.Ports ports) {
        ports.source().ifPresent(range -> port("--sport", range));
        ports.destination().ifPresent(range -> port("--dport", range));
    }

    private void port(String option, Match.PortRange range) {
        negation(range.negated());
        option(option);
        value(range.text());
    }

    private void recent(Match.Recent recent) {
        module("recent");
        option("--name");
        value(HostileText.name(recent.name()));
        option("--" + recent.mode().name().toLowerCase(Locale.ROOT));
        recent.seconds().ifPresent(seconds -> {
            option("--seconds");
            value(Integer.toString(seconds));
        });
        if (recent.reap()) {
            option("--reap");
        }
    }

    private void target(Target target) {
        switch (target) {
            case Target.Verdict verdict -> jump(verdict.name());
            case Target.Jump(String chain) -> jump(HostileText.chain(chain));
            case Target.Goto(String chain) -> {
                option("-g");
                option(HostileText.chain(chain));
            }
            case Target.Dnat(String to) -> {
                jump("DNAT");
                option("--to-destination");
                value(HostileText.word(to));
            }
            case Target.Masquerade masquerade -> {
                jump("MASQUERADE");
                masquerade.toPorts().ifPresent(ports -> {
                    option("--to-ports");
                    value(HostileText.word(ports));
                });
                if (masquerade.randomFully()) {
                    option("--random-fully");
                }
            }
            case Target.SetMark mark -> setMark(mark.value(), mark.mask());
            case Target.Reject reject -> {
                jump("REJECT");
                reject.with().ifPresent(type -> {
                    option("--reject-with");
                    value(HostileText.word(type));
                });
            }
            case Target.Verbatim(String name, List<String> words) -> {
                jump(HostileText.chain(name));
                verbatim(words);
            }
        }
    }

    private void setMark(int value, int mask) {
        jump("MARK");
        if (value == mask) {
            option("--or-mark");
            value(hex8(value));
        } else if (mask == 0) {
            option("--xor-mark");
            value(hex8(value));
        } else {
            option("--set-xmark");
            value(hex8(value) + "/" + hex8(mask));
        }
    }

    private void jump(String target) {
        option("-j");
        option(target);
    }

    private void module(String name) {
        option("-m");
        value(HostileText.name(name));
    }

    private void moduleOption(String module, String option, String value) {
        module(module);
        option(option);
        value(value);
    }

    private void negation(boolean negated) {
        if (negated) {
            option("!");
        }
    }

    private void verbatim(List<String> words) {
        for (var word : words) {
            HostileText.word(word);
            if (word.equals("!")) {
                option(word);
            } else {
                value(word);
            }
        }
    }

    private static String hex8(int value) {
        return String.format(Locale.ROOT, "0x%08x", value);
    }
}
