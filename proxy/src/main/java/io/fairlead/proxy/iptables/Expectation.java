package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.SavePrinter;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a listing of our chains should say, as fingerprints: a few bytes per chain instead of its text, whatever the size of
 * the cluster.
 *
 * @param own by chain name, the chains of Services
 * @param shared the chains that several Services share
 * @param rules how many rules all chains have together
 */
record Expectation(Map<String, OwnChain> own, Map<SharedChain, SharedExpectation> shared, RuleTotals rules) {

    /** A chain of one Service and the fingerprint of its rules. */
    record OwnChain(long fingerprint, NamespacedName service) {}

    /** The fingerprint of no rules. */
    static final long EMPTY = 1;

    static Expectation of(RoutingTable table, RuleSettings settings, boolean endpointComments) {
        var printer = new SavePrinter(settings.family());
        var own = new HashMap<String, OwnChain>();
        var shared = new HashMap<SharedChain, SharedExpectation>();
        SharedChain.all(settings).forEach(chain -> shared.put(chain, new SharedExpectation()));
        expect(shared, printer, Table.FILTER, FixedRules.filterHead(settings));
        expect(shared, printer, Table.NAT, FixedRules.natHead(settings));
        var totals = FixedRules.totals(settings);
        for (var service : table.services().entrySet()) {
            var name = service.getKey();
            for (var port : service.getValue()) {
                var rules = ServiceRules.of(port, settings, endpointComments);
                totals = totals.plus(RuleTotals.of(rules));
                expect(shared, printer, Table.FILTER, rules.filter());
                expect(shared, printer, Table.NAT, rules.nat());
                Edit.byChain(rules)
                        .forEach((chain, content) ->
                                own.put(chain, new OwnChain(fingerprint(printer, chain, content), name)));
            }
        }
        expect(shared, printer, Table.FILTER, FixedRules.filterTail(settings));
        expectLast(shared, printer, FixedRules.natTail(settings));
        return new Expectation(own, shared, totals);
    }

    /** Adds one line to the fingerprint of those before it. */
    static long extend(long fingerprint, String line) {
        for (int i = 0; i < line.length(); i++) {
            fingerprint = fingerprint * 0x5851f42d4c957f2dL + line.charAt(i) + 1;
            fingerprint ^= fingerprint >>> 29;
        }
        return fingerprint;
    }

    private static long fingerprint(SavePrinter printer, String chain, List<Rule> rules) {
        long fingerprint = EMPTY;
        for (var rule : rules) {
            fingerprint = extend(fingerprint, printer.line(chain, rule));
        }
        return fingerprint;
    }

    private static void expect(
            Map<SharedChain, SharedExpectation> shared, SavePrinter printer, Table table, List<PlacedRule> rules) {
        var groups = new HashMap<String, SharedExpectation.Group>();
        for (var placed : rules) {
            groups.computeIfAbsent(placed.chain(), chain -> group(shared, table, chain))
                    .add(printer.line(placed.chain(), placed.rule()));
        }
    }

    private static void expectLast(
            Map<SharedChain, SharedExpectation> shared, SavePrinter printer, List<PlacedRule> rules) {
        for (var placed : rules) {
            expectationOf(shared, Table.NAT, placed.chain()).last().add(printer.line(placed.chain(), placed.rule()));
        }
    }

    private static SharedExpectation.Group group(
            Map<SharedChain, SharedExpectation> shared, Table table, String chain) {
        return expectationOf(shared, table, chain).newGroup();
    }

    private static SharedExpectation expectationOf(
            Map<SharedChain, SharedExpectation> shared, Table table, String chain) {
        return shared.computeIfAbsent(new SharedChain(table, chain), _ -> new SharedExpectation());
    }
}
