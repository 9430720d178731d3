package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * A socket for one IP protocol below TCP and UDP; the kernel writes the IP header. It belongs to the namespace of the
 * thread that opens it. ICMP errors about packets sent arrive as exceptions of {@link #receive} once it is connected
 * (raw(7), ipv6(7)).
 */
final class RawSocket implements AutoCloseable {

    private static final int AF_INET = 2; // include/linux/socket.h
    private static final int AF_INET6 = 10;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int MAX_PACKET = 65535;

    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    /** What arrived: the payload of the IP packet and who sent it. */
    record Packet(IpAddress source, ByteBuffer payload) {}

    private final int fd;
    private final IpFamily family;

    private RawSocket(int fd, IpFamily family) {
        this.fd = fd;
        this.family = family;
    }

    /** @param protocol IANA protocol number */
    static RawSocket open(IpFamily family, int protocol) throws ErrnoException {
        int fd = SystemCalls.socket(family == IpFamily.IPV4 ? AF_INET : AF_INET6, SOCK_RAW_CLOEXEC, protocol);
        return new RawSocket(fd, family);
    }

    /** A socket that receives only what is sent to this address, and sends from it. */
    static RawSocket bound(IpAddress address, int protocol) throws ErrnoException {
        var socket = open(address.family(), protocol);
        try {
            socket.bind(address);
            return socket;
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
    }

    void bind(IpAddress address) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            SystemCalls.bind(fd, socketAddress(address, arena));
        }
    }

    /** Receives only what this address sends, and sends to it. */
    void connect(IpAddress address) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            SystemCalls.connect(fd, socketAddress(address, arena));
        }
    }

    void send(byte[] payload) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            SystemCalls.send(fd, arena.allocateFrom(ValueLayout.JAVA_BYTE, payload), MemorySegment.NULL);
        }
    }

    void sendTo(IpAddress address, byte[] payload) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var data = arena.allocateFrom(ValueLayout.JAVA_BYTE, payload);
            SystemCalls.send(fd, data, socketAddress(address, arena));
        }
    }

    /** @return empty when nothing came in time */
    Optional<Packet> receive(Duration timeout) throws ErrnoException {
        return SystemCalls.awaitReadable(fd, Math.toIntExact(timeout.toMillis())) ? take() : Optional.empty();
    }

    /** Waits without end; empty after {@link #shutdown}. */
    Optional<Packet> receive() throws ErrnoException {
        return SystemCalls.awaitReadable(fd, -1) ? take() : Optional.empty();
    }

    private Optional<Packet> take() throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var data = arena.allocate(MAX_PACKET);
            var peer = arena.allocate(family == IpFamily.IPV4 ? 16 : 28, 4);
            int length = SystemCalls.receive(fd, data, peer);
            if (length == 0) {
                return Optional.empty();
            }
            byte[] packet = data.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            // raw(7): IPv4 sockets see the IP header, IPv6 sockets (RFC 3542) do not.
            int header = family == IpFamily.IPV4 ? (packet[0] & 0x0f) * 4 : 0;
            return Optional.of(new Packet(address(peer), ByteBuffer.wrap(packet, header, length - header)));
        }
    }

    /** Wakes a thread that waits in {@link #receive()}. */
    void shutdown() {
        try {
            SystemCalls.shutdown(fd);
        } catch (ErrnoException e) {
            // ENOTCONN is what Linux says for an unconnected socket, after having woken its readers.
        }
    }

    @Override
    public void close() throws ErrnoException {
        SystemCalls.close(fd);
    }

    /** struct sockaddr_in or sockaddr_in6 with port 0. */
    private MemorySegment socketAddress(IpAddress address, Arena arena) {
        if (address.family() != family) {
            throw new IllegalArgumentException(address + " is not an " + family + " address");
        }
        boolean four = family == IpFamily.IPV4;
        var result = arena.allocate(four ? 16 : 28, 4);
        result.set(ValueLayout.JAVA_SHORT, 0, (short) (four ? AF_INET : AF_INET6));
        result.set(NETWORK_SHORT, 2, (short) 0);
        result.asSlice(four ? 4 : 8).copyFrom(MemorySegment.ofArray(address.toBytes()));
        return result;
    }

    private IpAddress address(MemorySegment socketAddress) {
        var bytes = family == IpFamily.IPV4 ? socketAddress.asSlice(4, 4) : socketAddress.asSlice(8, 16);
        return IpAddress.ofBytes(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
