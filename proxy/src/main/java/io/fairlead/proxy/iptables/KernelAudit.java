package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.netfilter.iptables.SavePrinter;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Says rule by rule what a {@link Drift} says chain by chain. It reads the kernel a second time, and of that listing only
 * the chains that differ: a kernel that is as it should be costs one reading and no memory.
 */
final class KernelAudit {

    private final RoutingTable desired;
    private final RuleSettings settings;
    private final boolean endpointComments;
    private final SavePrinter printer;
    private final Drift drift;
    private final Consumer<Finding> findings;
    private final Map<SharedChain, ChainAudit> audits = new LinkedHashMap<>();
    private final Map<SharedChain, Boolean> present = new LinkedHashMap<>();
    private final Set<String> staleChains;

    private KernelAudit(
            RoutingTable desired,
            RuleSettings settings,
            boolean endpointComments,
            Drift drift,
            Consumer<Finding> findings) {
        this.desired = desired;
        this.settings = settings;
        this.endpointComments = endpointComments;
        this.drift = drift;
        this.findings = findings;
        printer = new SavePrinter(settings.family());
        staleChains = Set.copyOf(drift.staleChains());
    }

    static void run(
            Iptables iptables,
            RoutingTable desired,
            RuleSettings settings,
            boolean endpointComments,
            Drift drift,
            Consumer<Finding> findings)
            throws IptablesException {
        if (drift.count() == 0) {
            return;
        }
        var audit = new KernelAudit(desired, settings, endpointComments, drift, findings);
        audit.reportFrame();
        audit.expect();
        var listing = new RuleLines(audit::chain, audit::line);
        iptables.saveLines(listing::line);
        audit.report();
    }

    private void reportFrame() {
        for (var chain : drift.scaffold().chains()) {
            findings.accept(Finding.missing(chain.toString(), Optional.empty(), declaration(chain.name())));
        }
        for (var jump : drift.scaffold().jumps().reversed()) {
            findings.accept(Finding.missing(
                    new SharedChain(jump.table(), jump.from()).toString(),
                    Optional.empty(),
                    printer.line(jump.from(), jump.rule())));
        }
        drift.scaffold().mends().forEach(mend -> mend.findings().forEach(findings));
    }

    private void expect() {
        for (var chain : drift.shared()) {
            audits.put(chain, new ChainAudit(chain));
            if (!drift.scaffold().chains().contains(chain)) {
                present.put(chain, false);
            }
        }
        expect(Table.FILTER, Optional.empty(), FixedRules.filterHead(settings), false);
        expect(Table.NAT, Optional.empty(), FixedRules.natHead(settings), false);
        var own = Set.copyOf(drift.services());
        boolean shared = !drift.shared().isEmpty();
        for (var name : new TreeSet<>(shared ? desired.services().keySet() : own)) {
            for (var port : desired.portsOf(name)) {
                var rules = ServiceRules.of(port, settings, endpointComments);
                expect(Table.FILTER, Optional.of(name), rules.filter(), false);
                expect(Table.NAT, Optional.of(name), rules.nat(), false);
                if (own.contains(name)) {
                    expectOwn(name, rules);
                }
            }
        }
        expect(Table.FILTER, Optional.empty(), FixedRules.filterTail(settings), false);
        expect(Table.NAT, Optional.empty(), FixedRules.natTail(settings), true);
    }

    /** Rules of one port in one shared chain keep their order; those of different ports do not. */
    private void expect(Table table, Optional<NamespacedName> service, List<PlacedRule> rules, boolean last) {
        var group = new Object();
        for (var placed : rules) {
            var where = new SharedChain(table, placed.chain());
            if (drift.shared().contains(where)) {
                audits.computeIfAbsent(where, ChainAudit::new)
                        .expect(printer.line(placed.chain(), placed.rule()), service, group, last);
            }
        }
    }

    private void expectOwn(NamespacedName service, ServicePortRules rules) {
        Edit.byChain(rules).forEach((chain, content) -> {
            var where = new SharedChain(Table.NAT, chain);
            var audit = audits.computeIfAbsent(where, ChainAudit::new);
            present.putIfAbsent(where, false);
            audit.belongsTo(service);
            for (var rule : content) {
                audit.expect(printer.line(chain, rule), Optional.of(service), audit, false);
            }
        });
    }

    private void chain(SharedChain where) {
        present.computeIfPresent(where, (_, _) -> true);
    }

    private void line(SharedChain where, String line) {
        var audit = audits.get(where);
        if (audit != null) {
            audit.found(line, RuleLines.canonical(line, printer));
        } else if (where.table() == Table.NAT && staleChains.contains(where.name())) {
            audits.computeIfAbsent(where, ChainAudit::stale).found(line, line);
        }
    }

    private void report() {
        for (var chain : drift.staleChains()) {
            var where = new SharedChain(Table.NAT, chain);
            var audit = audits.computeIfAbsent(where, ChainAudit::stale);
            findings.accept(
                    Finding.surplus(Finding.Kind.STALE, where.toString(), audit.likelyService(), declaration(chain)));
        }
        present.forEach((where, there) -> {
            if (!there) {
                findings.accept(Finding.missing(where.toString(), service(where), declaration(where.name())));
            }
        });
        new ArrayList<>(audits.values()).forEach(audit -> audit.report(findings));
    }

    private Optional<NamespacedName> service(SharedChain where) {
        return Optional.ofNullable(audits.get(where)).flatMap(ChainAudit::likelyService);
    }

    private static String declaration(String chain) {
        return ":" + chain + " - [0:0]";
    }
}
