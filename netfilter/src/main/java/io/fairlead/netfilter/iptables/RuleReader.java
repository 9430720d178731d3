package io.fairlead.netfilter.iptables;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the words after the chain into a rule: one object per rule.
 *
 * <p>Both orders are understood: a listing's ({@code -p tcp … -m tcp --dport 80}) and kube-proxy's ({@code -m tcp -p tcp
 * -d A --dport 80}). Either way the {@link Match.Protocol} goes where its module is loaded.
 */
final class RuleReader {

    private static final Set<String> PORT_MODULES = Set.of("tcp", "udp", "sctp", "udplite", "dccp");
    private static final Set<String> PORT_OPTIONS = Set.of("--sport", "--source-port", "--dport", "--destination-port");

    /** For options that stand after a jump to a chain: whose they must be. */
    private static final Map<String, String> OWNERS = Map.of(
            "--comment", "comment",
            "--ctstate", "conntrack",
            "--mark", "mark",
            "--src-type", "addrtype",
            "--dst-type", "addrtype",
            "--nfacct-name", "nfacct");

    /** Options whose value may be any text: what follows them is the value even if it looks like an option. */
    private static final Set<String> TEXT_OPTIONS =
            Set.of("--comment", "--log-prefix", "--nflog-prefix", "--name", "--nfacct-name", "--string", "--helper");

    /** A match, or the words of a module that get their type at the end. */
    private sealed interface Part {}

    private record Known(Match match) implements Part {}

    private static final class Module implements Part {
        private final String name;
        private final List<String> words = new ArrayList<>();
        private boolean portsElsewhere;
        private Optional<Match.Ports> ports = Optional.empty();
        private boolean paired;

        Module(String name) {
            this.name = name;
        }
    }

    /** Where the ports are written, when it is not where their module is loaded. */
    private record PortsHere(Module module) implements Part {}

    private final List<Words.Word> words;
    private int next;
    private final List<Part> parts = new ArrayList<>();
    private Optional<Module> current = Optional.empty();
    private Optional<Match.Protocol> protocol = Optional.empty();
    private String jump = "";
    private String go = "";
    private final List<String> targetWords = new ArrayList<>();

    RuleReader(List<Words.Word> words, int from) {
        this.words = words;
        this.next = from;
    }

    /** @throws IllegalArgumentException with what is wrong */
    Rule read() {
        while (next < words.size()) {
            boolean negated = words.get(next).isNegation();
            if (negated) {
                next++;
            }
            if (next == words.size()) {
                throw new IllegalArgumentException("nothing follows the last !");
            }
            option(words.get(next++).text(), negated);
        }
        return new Rule(matches(), target());
    }

    private void option(String option, boolean negated) {
        switch (option) {
            case "-s", "--source", "--src" ->
                parts.add(new Known(MatchReader.address(Match.End.SOURCE, value(option), negated)));
            case "-d", "--destination", "--dst" ->
                parts.add(new Known(MatchReader.address(Match.End.DESTINATION, value(option), negated)));
            case "-i", "--in-interface" ->
                parts.add(new Known(new Match.Interface(Match.End.SOURCE, value(option), negated)));
            case "-o", "--out-interface" ->
                parts.add(new Known(new Match.Interface(Match.End.DESTINATION, value(option), negated)));
            case "-p", "--protocol", "--proto" -> {
                protocol = Optional.of(new Match.Protocol(value(option), negated));
                parts.add(new Known(protocol.get()));
            }
            case "-m", "--match" -> {
                refuseNegation(option, negated);
                load(value(option));
            }
            case "-j", "--jump" -> {
                refuseNegation(option, negated);
                jump = value(option);
            }
            case "-g", "--goto" -> {
                refuseNegation(option, negated);
                go = value(option);
            }
            case "-c", "--set-counters" -> {
                value(option);
                value(option);
            }
            default -> moduleOption(option, negated);
        }
    }

    private static void refuseNegation(String option, boolean negated) {
        if (negated) {
            throw new IllegalArgumentException(option + " cannot be negated");
        }
    }

    private String value(String option) {
        if (next == words.size()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return words.get(next++).text();
    }

    private void load(String name) {
        var module = new Module(name);
        parts.add(module);
        current = Optional.of(module);
    }

    private void moduleOption(String option, boolean negated) {
        var to = receiver(option);
        if (negated) {
            to.add("!");
        }
        to.add(option);
        if (TEXT_OPTIONS.contains(option) && next < words.size()) {
            to.add(words.get(next++).text());
        }
        while (next < words.size()
                && !words.get(next).isOption()
                && !words.get(next).isNegation()) {
            to.add(words.get(next++).text());
        }
    }

    private List<String> receiver(String option) {
        if (!jump.isEmpty()) {
            return TargetReader.isExtension(jump)
                    ? targetWords
                    : ownerOf(option).orElse(targetWords);
        }
        if (PORT_OPTIONS.contains(option) && current.filter(this::holdsPorts).isEmpty()) {
            return portModule(option).words;
        }
        if (current.isEmpty() || !option.startsWith("--")) {
            var loose = new Module("");
            parts.add(loose);
            return loose.words;
        }
        var module = current.get();
        if (PORT_OPTIONS.contains(option)) {
            markPorts(module);
        }
        return module.words;
    }

    private boolean holdsPorts(Module module) {
        return PORT_MODULES.contains(module.name);
    }

    /** The module that a port option belongs to: loaded before, or implied by the protocol. */
    private Module portModule(String option) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i) instanceof Module module && holdsPorts(module)) {
                markPorts(module);
                return module;
            }
        }
        var name = protocol.map(Match.Protocol::protocol).orElse("");
        if (!PORT_MODULES.contains(name)) {
            throw new IllegalArgumentException(option + " needs -p tcp, udp or sctp before it");
        }
        var module = new Module(name);
        parts.add(module);
        return module;
    }

    private void markPorts(Module module) {
        boolean adjacent = parts.getLast() instanceof Module last && last.name.equals(module.name);
        if (!module.portsElsewhere && module.words.isEmpty() && !adjacent) {
            module.portsElsewhere = true;
            parts.add(new PortsHere(module));
        }
    }

    private Optional<List<String>> ownerOf(String option) {
        var owner = OWNERS.getOrDefault(option, "");
        for (var part : parts) {
            if (part instanceof Module module && module.name.equals(owner)) {
                return Optional.of(module.words);
            }
        }
        return Optional.empty();
    }

    private List<Match> matches() {
        var matches = new ArrayList<Match>(parts.size() + 1);
        boolean paired = false;
        for (var part : parts) {
            if (part instanceof Module module) {
                module.ports = PortsReader.read(module.name, module.words);
                module.paired = module.ports.isPresent() && isOfProtocol(module);
                paired |= module.paired;
            }
        }
        for (var part : parts) {
            switch (part) {
                case Known(Match match) -> {
                    if (!paired || !(match instanceof Match.Protocol)) {
                        matches.add(match);
                    }
                }
                case Module module -> add(module, matches);
                case PortsHere(Module module) -> module.ports.ifPresent(matches::add);
            }
        }
        return matches;
    }

    private void add(Module module, List<Match> matches) {
        if (module.paired) {
            protocol.ifPresent(matches::add);
        }
        if (module.ports.isEmpty()) {
            matches.add(MatchReader.read(module.name, module.words));
        } else if (!module.portsElsewhere) {
            matches.add(module.ports.get());
        }
    }

    /** Whether this module's load is where the protocol belongs. */
    private boolean isOfProtocol(Module module) {
        return protocol.isPresent()
                && !protocol.get().negated()
                && Protocols.canonical(protocol.get().protocol()).equals(module.name);
    }

    private Optional<Target> target() {
        if (!jump.isEmpty()) {
            return Optional.of(TargetReader.read(jump, List.copyOf(targetWords)));
        }
        return go.isEmpty() ? Optional.empty() : Optional.of(new Target.Goto(go));
    }
}
