package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.SavePrinter;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares an {@code iptables-save} listing, line by line as it comes, with what it should say. Lines are compared as text
 * first; only what differs is parsed and compared by meaning, so that another version's way of printing is not taken for a
 * change. Keeps the lines of one chain at a time.
 */
final class Comparison {

    private final SavePrinter printer;
    private final RoutingTable desired;
    private final RuleSettings settings;
    private final boolean endpointComments;
    private Optional<Expectation> expectation = Optional.empty();
    private final Set<SharedChain> builtIn = new LinkedHashSet<>();
    private final List<JumpMend> mends = new ArrayList<>();
    private final Set<SharedChain> chains = new HashSet<>();
    private final Set<SharedChain> differing = new LinkedHashSet<>();
    private final Set<SharedChain> filled = new HashSet<>();
    private final Set<String> sound = new HashSet<>();

    private Optional<Table> table = Optional.empty();
    private String chain = "";
    private final List<String> chainLines = new ArrayList<>();

    Comparison(RoutingTable desired, RuleSettings settings, boolean endpointComments) {
        this.desired = desired;
        this.settings = settings;
        this.endpointComments = endpointComments;
        printer = new SavePrinter(settings.family());
        FixedRules.JUMPS.forEach(jump -> builtIn.add(new SharedChain(jump.table(), jump.from())));
    }

    /** The next line of the listing. */
    void line(String line) {
        if (line.startsWith("-A ")) {
            int end = line.indexOf(' ', 3);
            rule(end < 0 ? line.substring(3) : line.substring(3, end), line);
        } else if (line.startsWith(":")) {
            int end = line.indexOf(' ');
            table.ifPresent(in -> chains.add(new SharedChain(in, line.substring(1, end < 0 ? line.length() : end))));
        } else if (line.startsWith("*")) {
            endOfChain();
            table = Table.of(line.substring(1).strip());
        } else if (line.equals("COMMIT")) {
            endOfChain();
        }
    }

    /** Made when there is something to compare with it: for a cold start that work would be for nothing. */
    private Expectation expected() {
        if (expectation.isEmpty()) {
            expectation = Optional.of(Expectation.of(desired, settings, endpointComments));
        }
        return expectation.get();
    }

    /** What differs, after the last line. */
    Drift drift() {
        endOfChain();
        if (expectation.isEmpty() && chains.stream().noneMatch(Comparison::belongsToAService)) {
            return Drift.cold(missingFrame(), desired, settings);
        }
        var expected = expected();
        expected.shared().forEach((where, content) -> {
            if (!content.complete() || !chains.contains(where)) {
                differing.add(where);
            }
        });
        var services = new LinkedHashSet<NamespacedName>();
        expected.own().forEach((name, own) -> {
            boolean emptyAndThere =
                    own.fingerprint() == Expectation.EMPTY && chains.contains(new SharedChain(Table.NAT, name));
            if (!sound.contains(name) && !emptyAndThere) {
                services.add(own.service());
            }
        });
        int chainsToWrite = (int) expected.own().values().stream()
                .filter(own -> services.contains(own.service()))
                .count();
        boolean cold = SharedChain.all(settings).stream().noneMatch(filled::contains);
        return new Drift(
                missingFrame(), differing, services, chainsToWrite, staleChains(), cold, Optional.of(expected.rules()));
    }

    private Scaffold missingFrame() {
        var missingChains = Scaffold.allChains();
        missingChains.removeAll(chains);
        for (var unseen : List.copyOf(builtIn)) {
            compareJumps(unseen, List.of());
        }
        // Nothing of ours is there: kube-proxy's own way.
        var bare = mends.stream().filter(mend -> mend.bare()).toList();
        var jumps = FixedRules.JUMPS.stream()
                .filter(jump -> bare.stream()
                        .anyMatch(mend ->
                                mend.table() == jump.table() && mend.chain().equals(jump.from())))
                .toList();
        return new Scaffold(
                missingChains,
                jumps,
                mends.stream().filter(mend -> !mend.bare()).toList());
    }

    private List<String> staleChains() {
        return chains.stream()
                .filter(Comparison::belongsToAService)
                .map(SharedChain::name)
                .filter(name -> !expected().own().containsKey(name))
                .sorted(Chains.JUMPING_BEFORE_JUMPED_TO)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static boolean belongsToAService(SharedChain chain) {
        return chain.table() == Table.NAT && Chains.belongsToAService(chain.name());
    }

    private void rule(String name, String line) {
        if (!name.equals(chain)) {
            endOfChain();
            chain = name;
        }
        chainLines.add(line);
    }

    private void endOfChain() {
        if (table.isPresent() && !chainLines.isEmpty()) {
            compare(table.get());
        }
        chainLines.clear();
        chain = "";
    }

    private void compare(Table in) {
        if (chain.startsWith("KUBE-")) {
            compareOurs(in);
            return;
        }
        compareJumps(new SharedChain(in, chain), chainLines);
    }

    private void compareJumps(SharedChain where, List<String> lines) {
        if (builtIn.remove(where)) {
            JumpCheck.of(where.table(), where.name(), lines, printer, this::canonical)
                    .ifPresent(mends::add);
        }
    }

    private void compareOurs(Table in) {
        var where = new SharedChain(in, chain);
        var shared = expected().shared().get(where);
        if (shared != null) {
            filled.add(where);
            for (var line : chainLines) {
                if (!shared.meets(line) && !shared.meets(canonical(line))) {
                    differing.add(where);
                }
            }
        } else if (in == Table.NAT && expected().own().containsKey(chain)) {
            compareOwn(expected().own().get(chain).fingerprint());
        }
    }

    private void compareOwn(long fingerprint) {
        long asPrinted = Expectation.EMPTY;
        for (var line : chainLines) {
            asPrinted = Expectation.extend(asPrinted, line);
        }
        if (asPrinted == fingerprint) {
            sound.add(chain);
            return;
        }
        long byMeaning = Expectation.EMPTY;
        for (var line : chainLines) {
            byMeaning = Expectation.extend(byMeaning, canonical(line));
        }
        if (byMeaning == fingerprint) {
            sound.add(chain);
        }
    }

    private String canonical(String line) {
        return RuleLines.canonical(line, printer);
    }
}
