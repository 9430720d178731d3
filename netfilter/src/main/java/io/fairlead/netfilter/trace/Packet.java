package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpFamily;
import java.util.Objects;
import java.util.Optional;

/**
 * A packet and how it gets into this machine's network stack.
 *
 * @param protocol as iptables prints it: {@code tcp}, {@code udp}, {@code sctp}, {@code icmp}, {@code ipv6-icmp}, or a number
 * @param source the port is 0 when nobody knows or the protocol has none
 * @param origin from the network, or from a process here
 * @param state for a packet that is not {@link ConnectionState#NEW}, source and destination are those after translation
 * @param mark the firewall mark it starts with, 32 bits
 */
public record Packet(
        String protocol, Endpoint source, Endpoint destination, Origin origin, ConnectionState state, int mark) {

    public Packet {
        if (source.address().family() != destination.address().family()) {
            throw new IllegalArgumentException(source.address() + " and " + destination.address()
                    + " are of different families: a packet has one");
        }
        Objects.requireNonNull(protocol);
    }

    /** How a packet gets in. */
    public sealed interface Origin {}

    /**
     * From the network.
     *
     * @param in the interface; when it is not known, every rule that asks for one is answered as {@link Tracer} says
     */
    public record Arriving(Optional<String> in) implements Origin {}

    /** Sent by a process of this machine. */
    public record Generated() implements Origin {}

    /** The first packet of a connection, from the network through an interface that is not known. */
    public static Packet arriving(String protocol, Endpoint source, Endpoint destination) {
        return new Packet(protocol, source, destination, new Arriving(Optional.empty()), ConnectionState.NEW, 0);
    }

    /** The first packet of a connection that a process of this machine opens. */
    public static Packet generated(String protocol, Endpoint source, Endpoint destination) {
        return new Packet(protocol, source, destination, new Generated(), ConnectionState.NEW, 0);
    }

    public Packet through(String in) {
        return new Packet(protocol, source, destination, new Arriving(Optional.of(in)), state, mark);
    }

    public Packet withState(ConnectionState newState) {
        return new Packet(protocol, source, destination, origin, newState, mark);
    }

    public Packet withMark(int newMark) {
        return new Packet(protocol, source, destination, origin, state, newMark);
    }

    Packet withSource(Endpoint newSource) {
        return new Packet(protocol, newSource, destination, origin, state, mark);
    }

    Packet withDestination(Endpoint newDestination) {
        return new Packet(protocol, source, newDestination, origin, state, mark);
    }

    public IpFamily family() {
        return destination.address().family();
    }

    /** {@code tcp 10.244.0.7 → 10.96.0.10:53}. */
    @Override
    public String toString() {
        return protocol + " " + source + " → " + destination;
    }
}
