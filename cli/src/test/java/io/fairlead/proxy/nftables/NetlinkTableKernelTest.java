package io.fairlead.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is heard of others between the first reading of the table and the first notification. */
@Tag("kernel")
class NetlinkTableKernelTest {

    private final NetworkNamespace namespace = NetworkNamespace.create("nft-watch");

    @AfterEach
    void removeNamespace() {
        namespace.close();
    }

    @Test
    void whatIsChangedBeforeTheFirstNotificationIsHeardOf() throws Exception {
        assertThat(heardAfter(true)).isEqualTo(Disturbance.OF_EVERYTHING);
    }

    @Test
    void whereNobodyElseChangedAnythingNothingIsHeard() throws Exception {
        assertThat(heardAfter(false)).isEqualTo(Disturbance.NONE);
    }

    private Disturbance heardAfter(boolean changed) throws Exception {
        return namespace.call(() -> {
            var id = FixedTable.id(IpFamily.IPV4);
            try (var nftables = Nftables.open()) {
                var watch = new TableWatch();
                watch.own(nftables.port());
                var table = new NetlinkTable(nftables, id, watch);
                table.read();
                table.commit(new Transaction(id).add(FixedTable.of(IpFamily.IPV4)));
                if (changed) {
                    try (var others = Nftables.open()) {
                        others.commit(new Transaction(id).add(Chain.regular("unheard-of")));
                    }
                }
                var told = new AtomicInteger();
                table.watch(told::incrementAndGet);
                assertThat(told).hasValue(changed ? 1 : 0);
                return table.takeDisturbance();
            }
        });
    }
}
