package io.fairlead.proxy.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowFilter;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReconcilerTest {

    private static final String DNS = "10.96.0.10";

    private final Cluster cluster = new Cluster();
    private final ModelTable table = new ModelTable();
    private final Set<Frontend> servedBefore = new HashSet<>();
    private final LinkedBlockingQueue<Integer> deletions = new LinkedBlockingQueue<>();

    /** A table in memory. */
    private static final class ModelTable implements FlowTable {
        private final List<ConntrackFlow> flows = new CopyOnWriteArrayList<>();
        private final LinkedBlockingQueue<FlowFilter> lists = new LinkedBlockingQueue<>();
        private volatile int failures;
        private volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public boolean list(FlowFilter filter, Consumer<ConntrackFlow> each) throws IOException {
            lists.add(filter);
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (failures > 0) {
                failures--;
                throw new IOException("scripted");
            }
            flows.stream().filter(filter::matches).forEach(each);
            return true;
        }

        @Override
        public boolean delete(ConntrackFlow flow) {
            return flows.remove(flow);
        }

        @Override
        public void close() {}
    }

    private Reconciler start(Duration retry) {
        return new Reconciler(
                IpFamily.IPV4,
                servedBefore,
                () -> address -> true,
                () -> table,
                (family, duration, deleted) -> deletions.add(deleted),
                retry);
    }

    @Test
    void nothingIsListedUntilAUdpPortChanges() throws Exception {
        try (var reconciler = start(Duration.ofHours(1))) {
            reconciler.applied(cluster.table(), true);
            reconciler.applied(cluster.table(), false);
        }
        assertThat(table.lists).isEmpty();
    }

    @Test
    void afterAStartStaleFlowsOfAllServicesAreEnded() throws Exception {
        var right = Cluster.udp(DNS, 53, "10.244.0.1", 5353);
        var foreign = Cluster.udp("10.96.0.77", 53, "10.244.0.8", 5353);
        table.flows.addAll(List.of(right, foreign, Cluster.udp(DNS, 53, "10.244.0.2", 5353)));
        try (var reconciler = start(Duration.ofHours(1))) {
            reconciler.applied(cluster.put("dns", DNS, "10.244.0.1"), true);
        }
        assertThat(table.flows).containsExactly(right, foreign);
        assertThat(deletions).containsExactly(1);
    }

    @Test
    void afterAStartFlowsOfServicesDeletedBeforeItAreEndedAndNobodyElses() throws Exception {
        var foreign = Cluster.udp("10.96.0.77", 53, "10.244.0.8", 5353);
        table.flows.addAll(List.of(foreign, Cluster.udp(DNS, 53, "10.244.0.2", 5353)));
        servedBefore.add(new Frontend.Address(IpAddress.parse(DNS), 53));
        try (var reconciler = start(Duration.ofHours(1))) {
            reconciler.applied(cluster.table(), true);
        }
        assertThat(table.flows).containsExactly(foreign);
    }

    @Test
    void aServiceThatCameAndWentDuringOnePassIsNotForgotten() throws Exception {
        table.gate = new CountDownLatch(1);
        try (var reconciler = start(Duration.ofHours(1))) {
            reconciler.applied(cluster.put("dns", DNS, "10.244.0.1"), true);
            assertThat(table.lists.poll(10, TimeUnit.SECONDS)).isNotNull();
            reconciler.applied(cluster.put("short", "10.96.0.11", "10.244.0.2"), false);
            reconciler.applied(cluster.delete("short"), false);
            table.flows.add(Cluster.udp("10.96.0.11", 53, "10.244.0.2", 5353));
            table.gate.countDown();
        }
        assertThat(table.flows).isEmpty();
    }

    @Test
    void aFailureIsTriedAgainWithoutAnotherChange() throws Exception {
        table.failures = 2;
        table.flows.add(Cluster.udp(DNS, 53, "10.244.0.2", 5353));
        try (var reconciler = start(Duration.ofMillis(10))) {
            reconciler.applied(cluster.put("dns", DNS, "10.244.0.1"), true);
            assertThat(deletions.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
        assertThat(table.lists).hasSize(3);
    }
}
