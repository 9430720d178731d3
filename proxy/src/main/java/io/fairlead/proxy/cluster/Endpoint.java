package io.fairlead.proxy.cluster;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * One endpoint of a slice (discovery.k8s.io/v1), with the conditions' defaults filled in.
 *
 * @param ready absent in the API means true
 * @param serving absent in the API means true
 * @param nodeName where it runs, when known
 * @param zoneHints hints.forZones; empty when there are none
 * @param nodeHints hints.forNodes; empty when there are none
 */
public record Endpoint(
        IpAddress address,
        boolean ready,
        boolean serving,
        boolean terminating,
        Optional<String> nodeName,
        Set<String> zoneHints,
        Set<String> nodeHints) {

    public Endpoint {
        zoneHints = Set.copyOf(zoneHints);
        nodeHints = Set.copyOf(nodeHints);
    }
}
