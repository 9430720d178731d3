package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a packet is sent. */
public sealed interface Destination {

    /**
     * A Service's cluster IP.
     *
     * @param port its name or number; may be absent when the Service has one port
     */
    record OfService(NamespacedName service, Optional<String> port, Optional<Protocol> protocol)
            implements Destination {
        @Override
        public String toString() {
            return service
                    + port.map(name -> ":" + name).orElse("")
                    + protocol.map(name -> "/" + name.text()).orElse("");
        }
    }

    /** An address and port. */
    record Socket(IpAddress address, int port, Protocol protocol) implements Destination {
        @Override
        public String toString() {
            return address.withPort(port) + "/" + protocol.text();
        }
    }

    /**
     * {@code IP:PORT[/PROTOCOL]} with IPv6 in brackets, or {@code [NAMESPACE/]NAME[:PORT][/PROTOCOL]}; the namespace is {@code
     * default} and the protocol tcp unless something else is said.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    static Destination parse(String text) {
        var protocol = Arrays.stream(Protocol.values())
                .filter(each -> text.toLowerCase(Locale.ROOT).endsWith("/" + each.text()))
                .findFirst();
        var rest = protocol.map(
                        each -> text.substring(0, text.length() - each.text().length() - 1))
                .orElse(text);
        int colon = rest.lastIndexOf(':');
        var host = colon < 0 ? rest : rest.substring(0, colon);
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        var address = IpAddress.tryParse(brackets ? host.substring(1, host.length() - 1) : host);
        if (address.isPresent() && colon >= 0 && (brackets || host.indexOf(':') < 0)) {
            return new Socket(address.get(), port(rest.substring(colon + 1), text), protocol.orElse(Protocol.TCP));
        }
        var name = host.split("/", -1);
        if (address.isPresent() || host.isEmpty() || name.length > 2 || host.indexOf(':') >= 0) {
            throw wrong(text);
        }
        var service = name.length == 2 ? new NamespacedName(name[0], name[1]) : new NamespacedName("default", name[0]);
        return new OfService(service, colon < 0 ? Optional.empty() : Optional.of(rest.substring(colon + 1)), protocol);
    }

    private static int port(String text, String whole) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535 || Integer.parseInt(text) == 0) {
            throw wrong(whole);
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("\"" + Printable.of(text)
                + "\" is not a destination: give NAMESPACE/NAME[:PORT] of a Service, or IP:PORT[/PROTOCOL] with IPv6"
                + " addresses in brackets");
    }
}
