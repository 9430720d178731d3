package io.fairlead.netfilter.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/** An open netlink socket with its receive buffer: what requests and subscriptions have in common. */
final class Descriptor implements AutoCloseable {

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x8_0000;

    // include/uapi/asm-generic/socket.h
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUFFORCE = 33;

    // include/uapi/linux/netlink.h, include/linux/socket.h
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;

    /** The kernel puts at most 32 KiB of a dump into one datagram. */
    private static final int RECEIVE_BYTES = 1 << 16;

    private final int socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment received = arena.allocate(RECEIVE_BYTES, Long.BYTES);
    private boolean closed;

    private Descriptor(int socket) {
        this.socket = socket;
    }

    static Descriptor open(int protocol) throws NetlinkException {
        int socket = LibC.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        if (socket < 0) {
            throw new NetlinkException("netlink socket of protocol " + protocol, -socket);
        }
        var descriptor = new Descriptor(socket);
        try (var scratch = Arena.ofConfined()) {
            // struct sockaddr_nl: family, padding, port (0: the kernel chooses), groups (none).
            var address = scratch.allocate(12, 4);
            address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
            check("bind of a netlink socket", LibC.bind(socket, address));
        } catch (NetlinkException e) {
            descriptor.close();
            throw e;
        }
        return descriptor;
    }

    /** How long {@link #receive} waits before it fails with EAGAIN. */
    void waitAtMost(Duration time) throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            // struct timeval: seconds, microseconds; zero would mean forever.
            long micros = Math.max(1, time.toNanos() / 1_000);
            var value = scratch.allocate(16, 8);
            value.set(JAVA_LONG, 0, micros / 1_000_000);
            value.set(JAVA_LONG, 8, micros % 1_000_000);
            check("SO_RCVTIMEO of a netlink socket", LibC.setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, value));
        }
    }

    /** How many bytes the kernel may queue; without CAP_NET_ADMIN at most net.core.rmem_max. */
    void queueAtMost(int bytes) throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            var value = scratch.allocateFrom(JAVA_INT, bytes);
            if (LibC.setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, value) < 0) {
                check("SO_RCVBUF of a netlink socket", LibC.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, value));
            }
        }
    }

    void join(int group) throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            var value = scratch.allocateFrom(JAVA_INT, group);
            check(
                    "membership in netlink group " + group,
                    LibC.setsockopt(socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, value));
        }
    }

    void send(byte[] message) throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            var copy = scratch.allocateFrom(JAVA_BYTE, message);
            long sent = LibC.send(socket, copy, message.length);
            while (sent == -NetlinkException.EINTR) {
                sent = LibC.send(socket, copy, message.length);
            }
            check("netlink request", sent);
        }
    }

    /** Waits for the next datagram. */
    List<NetlinkMessage> receive() throws NetlinkException {
        long length = LibC.recv(socket, received);
        while (length == -NetlinkException.EINTR) {
            length = LibC.recv(socket, received);
        }
        check("netlink answer", length);
        return NetlinkMessage.parse(received.asSlice(0, length).toArray(JAVA_BYTE));
    }

    private static void check(String what, long result) throws NetlinkException {
        if (result < 0) {
            throw new NetlinkException(what, (int) -result);
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(socket);
            arena.close();
        }
    }
}
