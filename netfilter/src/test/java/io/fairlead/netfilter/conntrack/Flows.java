package io.fairlead.netfilter.conntrack;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.Random;

/** Flows for tests. */
final class Flows {

    private Flows() {}

    static ConntrackFlow random(Random random) {
        var family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
        return new ConntrackFlow(
                family,
                tuple(random, family),
                tuple(random, family),
                random.nextInt(),
                random.nextInt(1 << 16),
                random.nextInt(Integer.MAX_VALUE),
                random.nextInt(),
                random.nextInt());
    }

    private static FlowTuple tuple(Random random, IpFamily family) {
        return new FlowTuple(
                address(random, family),
                address(random, family),
                random.nextInt(1 << 8),
                random.nextInt(1 << 16),
                random.nextInt(1 << 16),
                random.nextInt(3));
    }

    private static IpAddress address(Random random, IpFamily family) {
        var bytes = new byte[family.bits() / 8];
        random.nextBytes(bytes);
        if (random.nextInt(10) == 0 && family == IpFamily.IPV6) {
            return IpAddress.v4(random.nextInt());
        }
        return IpAddress.ofBytes(bytes);
    }

    /** A flow of a vector; an address that is not set is 0.0.0.0. */
    static ConntrackFlow of(JsonNode flow) {
        return new ConntrackFlow(IpFamily.IPV4, tuple(flow.get("forward")), tuple(flow.get("reverse")), 0, 0, 0, 0, 0);
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
