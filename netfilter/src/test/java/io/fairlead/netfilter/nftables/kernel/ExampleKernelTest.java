package io.fairlead.netfilter.nftables.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Ct;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TestNamespace;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example in the documentation of the package nftables. */
@Tag("kernel")
class ExampleKernelTest {

    @Test
    void theExampleOfTheDocumentationWorks() throws Exception {
        var table = Table.of(Family.IP, "example").withComment("made in Java");
        var ports = NftSet.set("ports", DataType.INET_SERVICE).withComment("closed to new connections");
        var rule = RuleBuilder.of(IpFamily.IPV4)
                .whenCtState(Ct.STATE_NEW)
                .when(Field.TH_DPORT, SetRef.named("ports"))
                .drop()
                .comment("not from here");
        try (var namespace = TestNamespace.create();
                var nftables = namespace.inside(Nftables::open)) {
            nftables.commit(new Transaction(table.id())
                    .add(table)
                    .add(ports)
                    .add(Chain.base("input", Hook.filter(Hook.Point.INPUT, 0)))
                    .add("input", rule)
                    .add(ports, List.of(Element.of(Data.ofShort(23)))));
            var image = nftables.read(table.id()).orElseThrow();
            assertThat(NftPrinter.print(image))
                    .contains("elements = { 23 }", "ct state new th dport @ports drop comment \"not from here\"");
            assertThatExceptionOfType(TransactionException.class)
                    .isThrownBy(() -> nftables.commit(
                            new Transaction(table.id()).create(ports, List.of(Element.of(Data.ofShort(23))))))
                    .withMessage("element 23 of set ports in table ip example: exists already (EEXIST)");
        }
    }
}
