package io.fairlead.netfilter.nftables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TestNamespace;
import io.fairlead.netfilter.nftables.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The kernel rearranges the hash table of a map that has grown or shrunk, at its leisure and without a new generation. What is
 * read meanwhile must still be what was written.
 */
@Tag("kernel")
class GrowingMapKernelTest {

    private static final int ROUNDS = 15;
    private static final Table TABLE = Table.of(Family.IP, "flt");
    private static final NftSet MAP = NftSet.map("growing", List.of(DataType.IPV4_ADDR), List.of(DataType.IPV4_ADDR));

    private TestNamespace namespace;
    private Nftables nftables;

    @BeforeEach
    void open() throws Exception {
        namespace = TestNamespace.create();
        nftables = namespace.inside(Nftables::open);
        nftables.commit(new Transaction(TABLE.id()).add(TABLE));
    }

    @AfterEach
    void close() throws Exception {
        nftables.close();
        namespace.close();
    }

    @Test
    void aMapThatHasJustGrownIsReadWhole() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            nftables.commit(new Transaction(TABLE.id()).add(MAP));
            for (int batch = 0; batch < 3; batch++) {
                nftables.commit(new Transaction(TABLE.id()).add(MAP, elements(batch * 8_000, 8_000)));
                assertThat(keys())
                        .as("round %d, after batch %d", round, batch)
                        .isEqualTo(numbers(0, (batch + 1) * 8_000));
            }
            nftables.commit(new Transaction(TABLE.id()).delete(MAP, elements(1_000, 23_000)));
            assertThat(keys()).as("round %d, shrunk", round).isEqualTo(numbers(0, 1_000));
            nftables.commit(new Transaction(TABLE.id()).deleteSet(MAP.name()));
        }
    }

    private List<Long> keys() throws Exception {
        var keys = new ArrayList<Long>();
        nftables.elements(
                TABLE.id(), MAP.name(), element -> keys.add(element.key().bigEndian()));
        return keys.stream().sorted().toList();
    }

    private static List<Element> elements(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(GrowingMapKernelTest::element)
                .toList();
    }

    private static Element element(int number) {
        var data = Data.of((byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number);
        return Element.of(data, data);
    }

    private static List<Long> numbers(int from, int count) {
        return LongStream.range(from, from + count).boxed().toList();
    }
}
