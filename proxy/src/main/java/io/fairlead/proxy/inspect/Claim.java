package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A Service port that an address and port belong to. */
record Claim(ServiceRouting port, Frontend frontend, IpAddress address) {

    /** All that claim the socket, in the order of the rules: node ports last, Services by name. */
    static List<Claim> of(NodeView view, Destination.Socket socket) {
        var claims = new ArrayList<Claim>();
        view.table().services().values().forEach(ports -> {
            for (var port : ports) {
                if (port.name().protocol() == socket.protocol()) {
                    add(port, socket, view, claims);
                }
            }
        });
        claims.sort(Comparator.<Claim, Boolean>comparing(claim -> claim.frontend() == Frontend.NODE_PORT)
                .thenComparing(claim -> claim.port().name().service(), Comparator.<NamespacedName>naturalOrder()));
        return claims;
    }

    private static void add(ServiceRouting port, Destination.Socket socket, NodeView view, List<Claim> claims) {
        IpAddress address = socket.address();
        if (port.port() == socket.port()) {
            if (port.clusterIp().equals(address)) {
                claims.add(new Claim(port, Frontend.CLUSTER_IP, address));
            }
            if (port.externalIps().contains(address)) {
                claims.add(new Claim(port, Frontend.EXTERNAL_IP, address));
            }
            if (port.loadBalancerVips().contains(address)) {
                claims.add(new Claim(port, Frontend.LOAD_BALANCER, address));
            }
        }
        if (port.nodePort() != 0 && port.nodePort() == socket.port() && view.answersNodePorts(address)) {
            claims.add(new Claim(port, Frontend.NODE_PORT, address));
        }
    }
}
