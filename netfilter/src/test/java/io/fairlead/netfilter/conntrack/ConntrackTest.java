package io.fairlead.netfilter.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.Vectors;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConntrackTest {

    private static final FlowFilter UDP = new FlowFilter(IpFamily.IPV4, FlowTuple.UDP, 0);

    private final TableChannel channel = new TableChannel();
    private final Conntrack conntrack = new Conntrack(channel);
    private final List<ConntrackFlow> listed = new ArrayList<>();

    @Test
    void onlyWhatTheFilterMatchesIsListedEvenWhenTheKernelIgnoresTheFilter() throws Exception {
        channel.table.addAll(List.of(flow(FlowTuple.UDP, 53), flow(FlowTuple.UDP, 54), flow(FlowTuple.TCP, 53)));
        assertThat(conntrack.list(UDP, listed::add)).isTrue();
        assertThat(listed).extracting(flow -> flow.original().destinationPort()).containsExactly(53, 54);
        listed.clear();
        assertThat(conntrack.list(new FlowFilter(IpFamily.IPV4, FlowTuple.UDP, 54), listed::add))
                .isTrue();
        assertThat(listed).containsExactly(channel.table.get(1));
    }

    @Test
    void anInterruptedDumpIsRepeated() throws Exception {
        channel.table.add(flow(FlowTuple.UDP, 53));
        channel.errors.addAll(List.of(NetlinkException.EINTR, NetlinkException.ENOBUFS));
        assertThat(conntrack.list(UDP, listed::add)).isTrue();
        assertThat(channel.requests).isEqualTo(3);
        assertThat(listed).hasSize(1);
    }

    @Test
    void aDumpThatIsAlwaysInterruptedIsSaidToBeIncomplete() throws Exception {
        channel.errors.addAll(Collections.nCopies(5, NetlinkException.EINTR));
        assertThat(conntrack.list(UDP, listed::add)).isFalse();
        assertThat(channel.requests).isEqualTo(5);
    }

    @Test
    void aKernelThatRefusesTheFilterIsAskedForAll() throws Exception {
        channel.table.addAll(List.of(flow(FlowTuple.UDP, 53), flow(FlowTuple.TCP, 53)));
        channel.errors.add(NetlinkException.EOPNOTSUPP);
        assertThat(conntrack.list(UDP, listed::add)).isTrue();
        assertThat(listed).containsExactly(channel.table.getFirst());
    }

    @Test
    void otherRefusalsAreTold() {
        channel.errors.add(NetlinkException.EPERM);
        assertThatThrownBy(() -> conntrack.list(UDP, listed::add))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("CAP_NET_ADMIN");
    }

    @Test
    void whatIsGoneAlreadyIsNotDeletedAgain() throws Exception {
        var flow = flow(FlowTuple.UDP, 53);
        channel.table.add(flow);
        assertThat(conntrack.delete(flow)).isTrue();
        assertThat(conntrack.delete(flow)).isFalse();
    }

    @Test
    void replaysUpstreamsDeletions() throws Exception {
        Vectors.replay(
                "other/conntrack.json",
                vector -> vector.get("kind").asText().equals("deleteEntries"),
                Map.of(),
                ConntrackTest::replayDeletion);
    }

    private static void replayDeletion(JsonNode vector) throws IOException {
        var channel = new TableChannel();
        vector.get("initialEntries").forEach(flow -> channel.table.add(Flows.of(flow)));
        int deleted = 0;
        try (var conntrack = new Conntrack(channel)) {
            for (var flow : vector.get("deleteFlows")) {
                deleted += conntrack.delete(Flows.of(flow)) ? 1 : 0;
            }
        }
        assertThat(deleted).isEqualTo(vector.get("expectedDeleted").asInt());
        assertThat(channel.table).hasSize(vector.get("expectedLeft").asInt());
        assertThat(channel.requests).isEqualTo(vector.get("deleteFlows").size());
    }

    @Test
    void replaysUpstreamsComparisonOfFlows() throws Exception {
        Vectors.replay(
                "other/conntrack.json",
                vector -> vector.get("kind").asText().equals("flowFilter"),
                Map.of(),
                vector -> {
                    Set<FlowKey> keys = new HashSet<>();
                    vector.get("filterFlows")
                            .forEach(flow -> keys.add(Flows.of(flow).key()));
                    assertThat(keys.contains(Flows.of(vector.get("matchFlow")).key()))
                            .isEqualTo(vector.get("expectedMatch").asBoolean());
                });
    }

    private static ConntrackFlow flow(int protocol, int port) {
        var client = IpAddress.parse("10.0.0.1");
        var service = IpAddress.parse("10.96.0.1");
        var endpoint = IpAddress.parse("10.0.0.2");
        return new ConntrackFlow(
                IpFamily.IPV4,
                new FlowTuple(client, service, protocol, 5000, port),
                new FlowTuple(endpoint, client, protocol, 5353, 5000),
                0,
                0,
                30,
                0,
                port);
    }
}
