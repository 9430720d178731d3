package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.routing.ServicePortName;
import java.util.Optional;
import java.util.function.Consumer;

/** What a full sync would change, as findings. */
final class EditFindings implements TableEdits {

    private static final String TABLE = "table " + Names.TABLE;

    private final Model wanted;
    private final Consumer<Finding> findings;

    EditFindings(Model wanted, Consumer<Finding> findings) {
        this.wanted = wanted;
        this.findings = findings;
    }

    @Override
    public void discardTable() {
        findings.accept(Finding.surplus(Finding.Kind.FOREIGN, TABLE, Optional.empty(), "sets of other types"));
    }

    @Override
    public void createTable() {
        findings.accept(Finding.missing(TABLE, Optional.empty(), TABLE));
    }

    @Override
    public void createSet(NftSet set) {
        findings.accept(Finding.missing(TABLE, Optional.empty(), kind(set) + set.name()));
    }

    @Override
    public void createChain(ChainPlan chain) {
        findings.accept(Finding.missing(TABLE, Optional.empty(), "chain " + chain.name()));
    }

    @Override
    public void rewriteChain(ChainPlan chain) {
        findings.accept(Finding.altered(
                "chain " + chain.name(), Optional.empty(), chain.rules().size() + " rules of ours", "other rules"));
    }

    @Override
    public void replaceChain(ChainPlan chain) {
        findings.accept(Finding.altered(
                "chain " + chain.name(),
                Optional.empty(),
                String.valueOf(chain.chain().hook().orElse(null)),
                "hooked in elsewhere"));
    }

    @Override
    public void add(NftSet set, Element element) {
        findings.accept(Finding.missing(place(set), service(set, element), ElementText.of(set, element)));
    }

    @Override
    public void replace(NftSet set, Element element) {
        findings.accept(Finding.altered(
                place(set),
                service(set, element),
                ElementText.of(set, element),
                ElementText.key(set, element.key()) + " : something else"));
    }

    @Override
    public void remove(NftSet set, Element element) {
        findings.accept(
                Finding.surplus(Finding.Kind.FOREIGN, place(set), service(set, element), ElementText.of(set, element)));
    }

    @Override
    public void emptyChain(String name) {
        findings.accept(Finding.surplus(Finding.Kind.STALE, TABLE, Optional.empty(), "chain " + name));
    }

    @Override
    public void removeSet(String name) {
        findings.accept(Finding.surplus(Finding.Kind.STALE, TABLE, Optional.empty(), "set " + name));
    }

    @Override
    public void barrier() {}

    private static String place(NftSet set) {
        return kind(set) + set.name();
    }

    private static String kind(NftSet set) {
        return set.isMap() ? "map " : "set ";
    }

    private Optional<NamespacedName> service(NftSet set, Element element) {
        return Endpoints.placeOf(set.name(), element.key())
                .flatMap(wanted.claims()::owner)
                .map(ServicePortName::service);
    }
}
