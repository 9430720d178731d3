package io.fairlead.proxy.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.trace.Endpoint;
import io.fairlead.netfilter.trace.Host;
import io.fairlead.netfilter.trace.Packet;
import java.util.stream.Collectors;

/**
 * A packet from somewhere, and what upstream's tests say becomes of it.
 *
 * @param output all final actions that it can reach: {@code ip:port} of endpoints, {@code REJECT}, {@code DROP}, {@code ACCEPT}
 */
public record RecordedFlow(String name, Packet packet, String output, boolean masqueraded) {

    public static RecordedFlow of(JsonNode flow) {
        return new RecordedFlow(
                flow.path("name").asText(),
                Packet.arriving(
                        flow.path("protocol").asText(),
                        new Endpoint(IpAddress.parse(flow.path("sourceIP").asText()), 0),
                        new Endpoint(
                                IpAddress.parse(flow.path("destIP").asText()),
                                flow.path("destPort").asInt())),
                flow.path("output").asText(),
                flow.path("masq").asBoolean());
    }

    /** The node that it comes to. */
    public static Host host(JsonNode localIps) {
        return Host.of(
                VectorFiles.texts(localIps).stream().map(IpAddress::parse).collect(Collectors.toSet()));
    }
}
