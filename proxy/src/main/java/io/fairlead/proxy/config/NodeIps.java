package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.List;
import java.util.Optional;

/**
 * This node's address of each family, a loopback address where it is not known.
 *
 * @param primary the family the node speaks first
 */
public record NodeIps(IpFamily primary, IpAddress v4, IpAddress v6) {

    private static final IpAddress LOOPBACK_V4 = IpAddress.parse("127.0.0.1");
    private static final IpAddress LOOPBACK_V6 = IpAddress.parse("::1");

    /**
     * The Node's first address of each family, the very first being primary; a specific bind address beats it.
     *
     * @param bindAddress as configured; unspecified or empty says nothing
     * @param nodeAddresses all InternalIPs, then all ExternalIPs
     */
    public static NodeIps detect(String bindAddress, List<IpAddress> nodeAddresses) {
        var primary = nodeAddresses.isEmpty()
                ? IpFamily.IPV4
                : nodeAddresses.getFirst().family();
        var detected = new NodeIps(
                primary,
                first(nodeAddresses, IpFamily.IPV4).orElse(LOOPBACK_V4),
                first(nodeAddresses, IpFamily.IPV6).orElse(LOOPBACK_V6));
        return IpAddress.tryParse(bindAddress)
                .filter(ip -> !ip.isUnspecified())
                .map(detected::withPrimary)
                .orElse(detected);
    }

    private static Optional<IpAddress> first(List<IpAddress> addresses, IpFamily family) {
        return addresses.stream().filter(ip -> ip.family() == family).findFirst();
    }

    private NodeIps withPrimary(IpAddress address) {
        return address.family() == IpFamily.IPV4
                ? new NodeIps(IpFamily.IPV4, address, v6)
                : new NodeIps(IpFamily.IPV6, v4, address);
    }

    public IpAddress of(IpFamily family) {
        return family == IpFamily.IPV4 ? v4 : v6;
    }

    public IpAddress primaryAddress() {
        return of(primary);
    }
}
