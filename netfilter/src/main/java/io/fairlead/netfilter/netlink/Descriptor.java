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
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;

    // include/uapi/linux/netlink.h, include/linux/socket.h
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;

    /** struct sockaddr_nl: family, padding, port, groups. */
    private static final int ADDRESS_BYTES = 12;

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
            // Port 0: the kernel chooses. No groups.
            var address = scratch.allocate(ADDRESS_BYTES, 4);
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
        buffer("SO_RCVBUF of a netlink socket", SO_RCVBUFFORCE, SO_RCVBUF, bytes);
    }

    /** How many bytes one datagram may have; without CAP_NET_ADMIN at most net.core.wmem_max. */
    void sendAtMost(int bytes) throws NetlinkException {
        buffer("SO_SNDBUF of a netlink socket", SO_SNDBUFFORCE, SO_SNDBUF, bytes);
    }

    private void buffer(String what, int force, int ask, int bytes) throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            var value = scratch.allocateFrom(JAVA_INT, bytes);
            if (LibC.setsockopt(socket, SOL_SOCKET, force, value) < 0) {
                check(what, LibC.setsockopt(socket, SOL_SOCKET, ask, value));
            }
        }
    }

    /** Errors say what is wrong and where, and do not repeat the request. */
    void explainErrors() throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            var on = scratch.allocateFrom(JAVA_INT, 1);
            check("NETLINK_EXT_ACK", LibC.setsockopt(socket, SOL_NETLINK, NETLINK_EXT_ACK, on));
            check("NETLINK_CAP_ACK", LibC.setsockopt(socket, SOL_NETLINK, NETLINK_CAP_ACK, on));
        }
    }

    /** The port that the kernel has chosen: it stands in what others hear of this socket's doings. */
    int port() throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            var address = scratch.allocate(ADDRESS_BYTES, 4);
            var length = scratch.allocateFrom(JAVA_INT, ADDRESS_BYTES);
            check("getsockname of a netlink socket", LibC.getsockname(socket, address, length));
            return address.get(JAVA_INT, 4);
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
            send(scratch.allocateFrom(JAVA_BYTE, message));
        }
    }

    /** Sends one datagram from memory outside the heap. */
    void send(MemorySegment datagram) throws NetlinkException {
        long sent = LibC.send(socket, datagram, datagram.byteSize());
        while (sent == -NetlinkException.EINTR) {
            sent = LibC.send(socket, datagram, datagram.byteSize());
        }
        check("netlink request", sent);
    }

    /** Waits for the next datagram. */
    List<NetlinkMessage> receive() throws NetlinkException {
        return receive(0);
    }

    /** The next datagram; {@link NetlinkException#EAGAIN} when none is there. */
    List<NetlinkMessage> receiveNow() throws NetlinkException {
        return receive(MSG_DONTWAIT);
    }

    private List<NetlinkMessage> receive(int flags) throws NetlinkException {
        long length = LibC.recv(socket, received, flags);
        while (length == -NetlinkException.EINTR) {
            length = LibC.recv(socket, received, flags);
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
