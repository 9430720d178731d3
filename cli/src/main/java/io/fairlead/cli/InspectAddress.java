package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.config.HostPort;
import java.net.InetSocketAddress;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;

/** The value of {@code --inspect-bind-address}: an address with or without a port; nothing and {@code none} mean no server. */
final class InspectAddress implements ITypeConverter<String> {

    static final int PORT = 10247;
    static final String DEFAULT = "127.0.0.1:" + PORT;
    private static final String NONE = "none";

    private static final FlagValue.IpPort WITH_PORT = new FlagValue.IpPort();

    @Override
    public String convert(String text) {
        return text.equals(NONE) ? "" : WITH_PORT.convert(text);
    }

    /** Empty when there is to be no server. */
    static Optional<InetSocketAddress> of(String text) {
        return HostPort.split(HostPort.appendPortIfNeeded(text, PORT))
                .filter(_ -> !text.isEmpty())
                .map(place -> new InetSocketAddress(
                        IpAddress.parse(place.host()).toInetAddress(),
                        HostPort.parsePort(place.port()).orElseThrow()));
    }
}
