package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.FlowCounts;
import java.time.Instant;
import java.util.List;

/**
 * What went to the endpoints of Services since counting began.
 *
 * @param since when it began
 * @param endpoints at most as many as are counted one by one
 * @param otherConnections of all endpoints that are not
 * @param otherCounts of all endpoints that are not
 * @param lost how often the kernel told of more flows than could be listened to: short ones may be missing
 */
public record TrafficReport(
        Instant since, List<EndpointTraffic> endpoints, long otherConnections, FlowCounts otherCounts, long lost) {

    public TrafficReport {
        endpoints = List.copyOf(endpoints);
    }
}
