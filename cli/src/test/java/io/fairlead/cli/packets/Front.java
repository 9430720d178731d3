package io.fairlead.cli.packets;

import io.fairlead.lab.net.LabNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.List;

/** A way into a Service. */
enum Front {
    CLUSTER_IP,
    NODE_PORT,
    EXTERNAL_IP,
    LOAD_BALANCER_IP;

    /** Those that external traffic policy is about. */
    static final List<Front> EXTERNAL = List.of(NODE_PORT, EXTERNAL_IP, LOAD_BALANCER_IP);

    IpAddress address(LabService service, LabNode node, IpFamily family) {
        return switch (this) {
            case CLUSTER_IP -> service.clusterIps().of(family);
            case NODE_PORT -> node.address(family);
            case EXTERNAL_IP -> service.externalIps().of(family);
            case LOAD_BALANCER_IP -> service.loadBalancerIps().of(family);
        };
    }

    int port(LabService service) {
        return this == NODE_PORT ? service.nodePort() : LabService.PORT;
    }
}
