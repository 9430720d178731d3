package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.Optional;

/**
 * {@code host:port} split, not yet checked.
 *
 * @param host without the brackets of an IPv6 address
 */
public record HostPort(String host, String port) {

    /** Empty when there is no port, or when an IPv6 address has no brackets. */
    public static Optional<HostPort> split(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) {
            String inner = host.substring(1, host.length() - 1);
            boolean nested = inner.indexOf('[') >= 0 || inner.indexOf(']') >= 0 || port.indexOf(']') >= 0;
            return nested ? Optional.empty() : Optional.of(new HostPort(inner, port));
        }
        boolean odd = host.indexOf(':') >= 0 || host.indexOf('[') >= 0 || host.indexOf(']') >= 0;
        return odd || port.indexOf(']') >= 0 ? Optional.empty() : Optional.of(new HostPort(host, port));
    }

    /** 1–65535, or empty. */
    public static Optional<Integer> parsePort(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= 65535 ? Optional.of(port) : Optional.empty();
    }

    /** Adds the port to a bare IP; anything else is left for validation to judge. */
    public static String appendPortIfNeeded(String address, int port) {
        return IpAddress.tryParse(address)
                .map(ip -> withPort(address, ip, port))
                .orElse(address);
    }

    /** The address as it was written, not made canonical. */
    private static String withPort(String written, IpAddress ip, int port) {
        boolean brackets = ip.family() == IpFamily.IPV6 || written.indexOf(':') >= 0;
        return brackets ? "[" + written + "]:" + port : written + ":" + port;
    }
}
