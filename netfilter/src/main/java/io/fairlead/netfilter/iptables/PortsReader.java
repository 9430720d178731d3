package io.fairlead.netfilter.iptables;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the options of the modules that only look at ports. */
final class PortsReader {

    private static final Set<String> MODULES = Set.of("tcp", "udp", "sctp");

    private PortsReader() {}

    /** Empty when the module is another one, or looks at more than ports. */
    static Optional<Match.Ports> read(String module, List<String> words) {
        if (!MODULES.contains(module)) {
            return Optional.empty();
        }
        Optional<Match.PortRange> source = Optional.empty();
        Optional<Match.PortRange> destination = Optional.empty();
        int i = 0;
        while (i < words.size()) {
            boolean negated = words.get(i).equals("!");
            if (negated) {
                i++;
            }
            if (i + 1 >= words.size()) {
                return Optional.empty();
            }
            var range = MatchReader.ports(words.get(i + 1), negated);
            if (range.isEmpty()) {
                return Optional.empty();
            }
            switch (words.get(i)) {
                case "--sport", "--source-port" -> source = range;
                case "--dport", "--destination-port" -> destination = range;
                default -> {
                    return Optional.empty();
                }
            }
            i += 2;
        }
        return Optional.of(new Match.Ports(module, source, destination));
    }
}
