package io.fairlead.netfilter.nftables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.nftables.Generated;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.TestNamespace;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What is written to the kernel is what is read from it, for tables with a little of everything. */
@Tag("kernel")
class RoundTripKernelTest {

    private static TestNamespace namespace;
    private static Nftables nftables;

    @BeforeContainer
    static void open() throws Exception {
        namespace = TestNamespace.create();
        nftables = namespace.inside(Nftables::open);
    }

    @AfterContainer
    static void close() throws Exception {
        nftables.close();
        namespace.close();
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void whatIsWrittenIsRead(@ForAll long seed) throws Exception {
        var table = Generated.table(seed);
        var id = table.table().id();
        nftables.commit(Generated.creation(table));
        try {
            assertThat(Generated.withoutOrder(nftables.read(id).orElseThrow()))
                    .isEqualTo(Generated.withoutOrder(table));
        } finally {
            nftables.commit(new Transaction(id).deleteTable());
        }
    }

    /** nft reads our objects without a warning, and loads what it printed of them. */
    @Property(tries = 5, shrinking = ShrinkingMode.OFF)
    void nftPrintsAndLoadsWhatIsWritten(@ForAll long seed) throws Exception {
        var table = Generated.table(seed);
        var id = table.table().id();
        nftables.commit(Generated.creation(table));
        try {
            var listing = list(id);
            assertThat(listing).doesNotContain("invalid type", "[ ", "unknown");
            assertThat(NftPrinter.print(table)).doesNotContain("not printable");
            nftables.commit(new Transaction(id).deleteTable());
            namespace.load(listing);
            assertThat(list(id)).isEqualToNormalizingWhitespace(listing);
        } finally {
            nftables.commit(new Transaction(id).destroyTable());
        }
    }

    /** Without the time that elements have left: it runs. */
    private static String list(TableId id) throws Exception {
        return namespace.nft("list", "table", id.family().toString(), id.name()).replaceAll(" expires [0-9a-z]+", "");
    }
}
