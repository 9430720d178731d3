package io.fairlead.proxy.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowTuple;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.vectors.Replayed;
import io.fairlead.proxy.vectors.VectorFiles;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Upstream's own cases of what is cleaned up. */
class ConntrackVectorsTest {

    private static final String FILE = "other/conntrack.json";

    @Test
    void endpointsThatAreGoneOrDoNotServeLoseTheirFlowsAsUpstream() throws Exception {
        var vector = vector("TestCleanStaleEntries");
        assertThat(left(vector)).containsExactlyInAnyOrderElementsOf(flows(vector.get("after")));
    }

    /** Different on purpose: upstream 1.36 leaves the flows of a Service without serving endpoints. */
    @Test
    void aServiceWithoutServingEndpointsLosesItsFlowsOtherThanUpstream() throws Exception {
        var vector = vector("TestServiceWithoutEndpoints");
        assertThat(flows(vector.get("after"))).hasSize(2);
        assertThat(left(vector)).isEmpty();
    }

    private static JsonNode vector(String test) {
        var found = VectorFiles.records(FILE)
                .filter(vector -> vector.get("test").asText().equals(test))
                .findAny();
        assumeTrue(found.isPresent(), "FAIRLEAD_VECTORS is not set: " + FILE + " is not replayed");
        return found.get();
    }

    private static List<ConntrackFlow> left(JsonNode vector) throws Exception {
        var family = Replayed.family(vector.get("ipFamily"));
        var cluster = new Replayed(family, vector.get("nodeName").asText());
        cluster.set(vector.get("services"));
        cluster.set(vector.get("endpointSlices"));
        var staleness = new Staleness(
                family,
                UdpServices.of(cluster.table()),
                UdpServices.changed(RoutingTable.empty(family), cluster.table()),
                address -> true);
        var left = new ArrayList<>(flows(vector.get("before")));
        left.removeIf(staleness::isStale);
        return left;
    }

    private static List<ConntrackFlow> flows(JsonNode flows) {
        var list = new ArrayList<ConntrackFlow>();
        for (var flow : flows) {
            list.add(new ConntrackFlow(
                    IpFamily.IPV4, tuple(flow.get("forward")), tuple(flow.get("reverse")), 0, 0, 0, 0, 0));
        }
        return list;
    }

    private static FlowTuple tuple(JsonNode tuple) {
        return new FlowTuple(
                address(tuple.get("srcIP")),
                address(tuple.get("dstIP")),
                tuple.get("protocol").asInt(),
                tuple.get("srcPort").asInt(),
                tuple.get("dstPort").asInt());
    }

    private static IpAddress address(JsonNode text) {
        return IpAddress.parse(text.isNull() ? "0.0.0.0" : text.asText());
    }
}
