package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;

/**
 * Sends IP packets as they are, header included, from a namespace: with any source address, and without a socket of the
 * kernel's that would answer for them (raw(7), IPPROTO_RAW). The kernel routes them by their destination.
 */
public final class PacketInjector implements AutoCloseable {

    private static final int IPPROTO_RAW = 255; // include/uapi/linux/in.h

    private final RawSocket socket;

    private PacketInjector(RawSocket socket) {
        this.socket = socket;
    }

    /** @throws IllegalStateException when the kernel refuses the socket */
    public static PacketInjector open(NetworkNamespace namespace, IpFamily family) {
        try {
            return new PacketInjector(namespace.call(() -> RawSocket.open(family, IPPROTO_RAW)));
        } catch (ErrnoException e) {
            throw new IllegalStateException("raw socket in " + namespace + ": " + e.getMessage(), e);
        }
    }

    /**
     * Sends a packet.
     *
     * @param packet with its header, in network byte order
     * @return false when the kernel says that a rule, or its routing, does not let it out
     */
    public boolean send(IpAddress destination, byte[] packet) {
        try {
            socket.sendTo(destination, packet);
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (ErrnoException e) {
            throw new IllegalStateException(e);
        }
    }
}
