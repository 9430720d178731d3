package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.trace.ConnectionState;
import io.fairlead.netfilter.trace.Endpoint;
import io.fairlead.netfilter.trace.Host;
import io.fairlead.netfilter.trace.Packet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which packet is meant. */
final class PacketFlags {

    private static final Pattern PROTOCOL = Pattern.compile("tcp|udp|sctp|icmp|icmpv6|ipv6-icmp|[0-9]{1,3}");

    /** An address, perhaps with a port and a protocol. */
    record Target(Endpoint endpoint, Optional<String> protocol) {}

    @Option(
            names = "--from",
            required = true,
            paramLabel = "ADDR[:PORT]",
            converter = TargetText.class,
            description = "Who sends it. An IPv6 address with a port needs brackets.")
    private @Nullable Target from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ADDR:PORT[/PROTO]",
            converter = TargetText.class,
            description = "Where to; PROTO is tcp (the default), udp, sctp, icmp or a number.")
    private @Nullable Target to;

    @Option(
            names = "--in",
            paramLabel = "IFACE",
            description =
                    "The interface it comes in through. Without it the packet comes from the network through an"
                            + " interface that no rule names, or, when the node itself has the address in --from, from a process here.")
    private @Nullable String in;

    @Option(
            names = "--out",
            paramLabel = "IFACE",
            description = "The interface it leaves through, if it leaves (default: one that no rule names).")
    private @Nullable String out;

    @Option(
            names = "--mark",
            converter = MarkValue.class,
            paramLabel = "N",
            description = "The firewall mark it already has, decimal or 0x… (default: 0).")
    private int mark;

    @Option(
            names = "--ctstate",
            paramLabel = "STATE",
            description =
                    "What connection tracking says of it: NEW (the default), ESTABLISHED, RELATED, INVALID or UNTRACKED."
                            + " Only NEW packets meet nat rules.")
    private ConnectionState state = ConnectionState.NEW;

    @Option(
            names = "--local",
            split = ",",
            paramLabel = "ADDR",
            converter = Address.class,
            description =
                    "An address of the node itself, which decides about node ports; with --kernel all of this machine's"
                            + " are known. May be repeated.")
    private List<IpAddress> local = new ArrayList<>();

    static final class Address implements ITypeConverter<IpAddress> {
        @Override
        public IpAddress convert(String text) {
            return IpAddress.tryParse(text)
                    .orElseThrow(() -> new TypeConversionException(Text.quote(text) + " is not an IP address"));
        }
    }

    static final class MarkValue implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            boolean hex = text.toLowerCase(Locale.ROOT).startsWith("0x");
            if (!text.matches("0[xX][0-9a-fA-F]{1,8}|[0-9]{1,10}") || !hex && Long.parseLong(text) > 0xffff_ffffL) {
                throw new TypeConversionException(Text.quote(text) + " is not a mark of 32 bits, such as 0x4000");
            }
            return hex ? Integer.parseUnsignedInt(text.substring(2), 16) : (int) Long.parseLong(text);
        }
    }

    static final class TargetText implements ITypeConverter<Target> {
        @Override
        public Target convert(String text) {
            int slash = text.indexOf('/');
            var protocol = slash < 0
                    ? Optional.<String>empty()
                    : Optional.of(text.substring(slash + 1).toLowerCase(Locale.ROOT));
            protocol.filter(name -> !PROTOCOL.matcher(name).matches()).ifPresent(name -> {
                throw new TypeConversionException(
                        Text.quote(name) + " is not a protocol (tcp, udp, sctp, icmp or a number)");
            });
            return new Target(endpoint(slash < 0 ? text : text.substring(0, slash), text), protocol);
        }

        private static Endpoint endpoint(String text, String whole) {
            var alone = IpAddress.tryParse(text);
            if (alone.isPresent()) {
                return new Endpoint(alone.get(), 0);
            }
            int colon = text.lastIndexOf(':');
            var host = colon < 0 ? text : text.substring(0, colon);
            boolean brackets = host.startsWith("[") && host.endsWith("]");
            var address = IpAddress.tryParse(brackets ? host.substring(1, host.length() - 1) : host)
                    .filter(known -> brackets || host.indexOf(':') < 0);
            var port = colon < 0 ? "" : text.substring(colon + 1);
            if (address.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
                throw new TypeConversionException(
                        Text.quote(whole) + " is not an address and port, such as 10.96.0.10:53 or [fd00::10]:53");
            }
            return new Endpoint(address.get(), Integer.parseInt(port));
        }
    }

    private static Target given(@Nullable Target target) {
        if (target == null) {
            throw new IllegalStateException("picocli has checked that it is there");
        }
        return target;
    }

    /** What the flags say of the machine, added to what else is known. */
    Host host(Set<IpAddress> known) {
        var addresses = new HashSet<>(known);
        addresses.addAll(local);
        var leaving = out;
        return leaving == null ? Host.of(addresses) : Host.of(addresses).withRoutes(_ -> Optional.of(leaving));
    }

    /** @throws IllegalArgumentException when the flags do not make a packet */
    Packet packet(Host host) {
        var source = given(from).endpoint();
        var destination = given(to).endpoint();
        var protocol = name(given(to).protocol().or(given(from)::protocol).orElse("tcp"));
        boolean generated = in == null && host.isLocal(source.address());
        var packet = generated
                ? Packet.generated(protocol, source, destination)
                : Packet.arriving(protocol, source, destination);
        return (in == null ? packet : packet.through(in)).withState(state).withMark(mark);
    }

    /** As iptables prints it. */
    private static String name(String protocol) {
        return switch (protocol) {
            case "1" -> "icmp";
            case "6" -> "tcp";
            case "17" -> "udp";
            case "58", "icmpv6" -> "ipv6-icmp";
            case "132" -> "sctp";
            default -> protocol;
        };
    }
}
