package io.fairlead.netfilter.nftables.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.nftables.Command.OfElements;
import io.fairlead.netfilter.nftables.Command.Verb;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.Verdict;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchAllocationTest {

    private static final NftSet MAP =
            NftSet.verdictMap("m", DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE);

    /** What is allocated grows with the buffers and the messages, not with the elements. */
    @Test
    void elementsMakeNoGarbage() {
        var elements = IntStream.range(0, 100_000)
                .mapToObj(i -> Element.of(
                                Data.endpoint(IpAddress.v4(i), 6, 80), Verdict.goTo("service-ABCDEFGH-namespace/name"))
                        .withComment("namespace/name"))
                .toList();
        encode(elements);
        long fewer = allocated(elements.subList(0, 1_000));
        long all = allocated(elements);
        assertThat(all - fewer).as("bytes on the heap for 99,000 elements more").isLessThan(99_000L);
    }

    private static long allocated(List<Element> elements) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        encode(elements);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void encode(List<Element> elements) {
        try (var batch = new Batch(new TableId(Family.IP, "t"))) {
            batch.beginElements(new OfElements(Verb.ADD, MAP, List.of()));
            for (int i = 0; i < elements.size(); i++) {
                batch.element(elements.get(i));
            }
            batch.endElements().end();
            assertThat(batch.size()).isGreaterThan(100 * elements.size());
        }
    }
}
