package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.routing.ServicePortName;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What a full sync would change, as findings. */
final class EditFindings implements TableEdits {

    private final Model wanted;
    private final Comparison comparison;
    private final TableId table;
    private final Consumer<Finding> findings;

    EditFindings(Model wanted, Comparison comparison, Consumer<Finding> findings) {
        this.wanted = wanted;
        this.comparison = comparison;
        this.findings = findings;
        table = FixedTable.id(wanted.settings().family());
    }

    @Override
    public void discardTable() {
        findings.accept(Finding.surplus(
                Finding.Kind.FOREIGN, place(), Optional.empty(), "sets of our names that have other types"));
    }

    @Override
    public void createTable() {
        findings.accept(Finding.missing(place(), Optional.empty(), place()));
    }

    @Override
    public void createSet(NftSet set) {
        findings.accept(Finding.missing(place(), Names.serviceOf(set.name()), place(set)));
    }

    @Override
    public void createChain(ChainPlan chain) {
        findings.accept(Finding.missing(place(), Names.serviceOf(chain.name()), text(chain)));
    }

    @Override
    public void rewriteChain(ChainPlan chain) {
        var found = comparison.foundChain(chain.name()).map(ChainPlan::rules).orElse(List.of());
        new ChainFindings(chain.name(), Names.serviceOf(chain.name()), table.family(), findings)
                .report(chain.rules(), found);
    }

    @Override
    public void replaceChain(ChainPlan chain) {
        var found = comparison
                .foundChain(chain.name())
                .flatMap(there -> there.chain().hook());
        findings.accept(Finding.altered(
                "chain " + chain.name(), Optional.empty(), hook(chain.chain().hook()), hook(found)));
        rewriteChain(chain);
    }

    private static String hook(Optional<Hook> hook) {
        return hook.map(NftPrinter::hook).orElse("not hooked in");
    }

    @Override
    public void add(NftSet set, Element element) {
        findings.accept(Finding.missing(place(set), service(set, element), ElementText.of(set, element)));
    }

    @Override
    public void replace(NftSet set, Element element) {
        var found = comparison.foundValue(set.name(), element.key());
        findings.accept(Finding.altered(
                place(set),
                service(set, element),
                ElementText.of(set, element),
                found.map(value -> ElementText.of(set, Element.of(element.key(), value)))
                        .orElseGet(() -> ElementText.key(set, element.key()))));
    }

    @Override
    public void remove(NftSet set, Element element) {
        findings.accept(
                Finding.surplus(Finding.Kind.FOREIGN, place(set), service(set, element), ElementText.of(set, element)));
    }

    @Override
    public void emptyChain(String name) {
        var found = comparison.foundChain(name).orElseGet(() -> ChainPlan.of(name));
        findings.accept(Finding.surplus(Finding.Kind.STALE, place(), Names.serviceOf(name), text(found)));
    }

    @Override
    public void removeSet(String name) {
        findings.accept(Finding.surplus(Finding.Kind.STALE, place(), Names.serviceOf(name), "set " + name));
    }

    @Override
    public void barrier() {}

    private String place() {
        return "table " + table;
    }

    private static String place(NftSet set) {
        return (set.isMap() ? "map " : "set ") + set.name();
    }

    /** A chain with its rules, on one line. */
    private String text(ChainPlan chain) {
        return chain.rules().stream()
                .map(rule -> NftPrinter.rule(table.family(), rule))
                .collect(Collectors.joining("; ", "chain " + chain.name() + " { ", " }"));
    }

    private Optional<NamespacedName> service(NftSet set, Element element) {
        return Endpoints.placeOf(set.name(), element.key())
                .flatMap(wanted.claims()::owner)
                .map(ServicePortName::service);
    }
}
