package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.trace.Packet;
import io.fairlead.proxy.nftables.PacketFate.Distribution;
import io.fairlead.proxy.routing.ServiceRouting;

/** Packets that fare differently in the two modes: the list of docs/nftables.md, and nothing else. */
enum ModeDifference {
    /** Closed, for it needs {@code route_localnet}. */
    LOCALHOST_NODE_PORT {
        @Override
        boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables) {
            return probe.destination().isLoopback() && modes.isNodePort(probe) && nftables.isOnly(PacketFate.UNTOUCHED);
        }
    },
    /** By default on the Node's own addresses only. */
    NODE_PORT_ON_ANOTHER_ADDRESS {
        @Override
        boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables) {
            return !probe.destination().isLoopback()
                    && modes.isNodePort(probe)
                    && !modes.answersOn(probe.destination())
                    && nftables.isOnly(PacketFate.UNTOUCHED);
        }
    },
    /** Refused, where iptables mode says nothing. */
    UNUSED_PORT_OF_A_CLUSTER_IP {
        @Override
        boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables) {
            return modes.isClusterIp(probe.destination())
                    && modes.ports().noneMatch(port -> port.clusterIp().equals(probe.destination()) && probe.isTo(port))
                    && nftables.isOnly(PacketFate.REJECTED)
                    && iptables.isOnly(PacketFate.UNTOUCHED);
        }
    },
    /** Dropped, where iptables mode says nothing. */
    UNALLOCATED_CLUSTER_IP {
        @Override
        boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables) {
            return modes.inServiceCidr(probe.destination())
                    && !modes.isClusterIp(probe.destination())
                    && nftables.isOnly(PacketFate.DROPPED)
                    && iptables.isOnly(PacketFate.UNTOUCHED);
        }
    },
    /** Only for endpoints of this node: the packets of others do not pass through here, unless somebody routes them so. */
    HAIRPIN_OF_AN_ENDPOINT_ELSEWHERE {
        @Override
        boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables) {
            var source = probe.packet().source().address();
            return modes.isEndpointElsewhere(source)
                    && !iptables.agreesWith(nftables)
                    && iptables.withoutHairpin(source).agreesWith(nftables);
        }
    },
    /** Two claim the same address and port: one keeps it, while iptables mode has the rules of both. */
    CONTESTED {
        @Override
        boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables) {
            return modes.claims(probe) > 1;
        }
    },
    /** Source ranges are looked at first, also where there is nothing to protect. */
    SOURCE_RANGE_WITHOUT_ENDPOINTS {
        @Override
        boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables) {
            return modes.ports()
                            .filter(probe::isTo)
                            .filter(port -> port.loadBalancerVips().contains(probe.destination()))
                            .anyMatch(port -> !port.sourceRanges().isEmpty() && !port.hasExternalEndpoints())
                    && nftables.isOnly(PacketFate.DROPPED)
                    && (iptables.isOnly(PacketFate.REJECTED) || iptables.isOnly(PacketFate.UNTOUCHED));
        }
    },
    /** What a Service without endpoints does to its external addresses it does to the node's own packets, too. */
    NO_ENDPOINTS_FROM_THE_NODE {
        @Override
        boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables) {
            return probe.packet().origin() instanceof Packet.Generated
                    && modes.ports()
                            .filter(port -> probe.isTo(port) && isExternalTo(port, probe))
                            .anyMatch(port -> !port.hasExternalEndpoints())
                    && (nftables.isOnly(PacketFate.REJECTED) || nftables.isOnly(PacketFate.DROPPED))
                    && iptables.isOnly(PacketFate.UNTOUCHED);
        }
    };

    /** Whether it is the reason that these two differ. */
    abstract boolean explains(BothModes modes, Probe probe, Distribution iptables, Distribution nftables);

    private static boolean isExternalTo(ServiceRouting port, Probe probe) {
        return port.externalIps().contains(probe.destination())
                || port.loadBalancerVips().contains(probe.destination());
    }
}
