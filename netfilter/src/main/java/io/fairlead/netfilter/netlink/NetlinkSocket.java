package io.fairlead.netfilter.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink socket in the network namespace of the thread that opens it.
 *
 * <p>One request at a time: not for concurrent use, but it may be handed from thread to thread. The kernel answers
 * within the call or, on a broken system, not at all: after {@link #ANSWER} a request fails.
 */
public final class NetlinkSocket implements NetlinkChannel {

    /** include/uapi/linux/netlink.h */
    public static final int NETLINK_NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x8_0000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;

    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;

    /** struct nlmsghdr: length, type, flags, sequence, port. */
    private static final int HEADER = 16;

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int RECEIVE_BYTES = 1 << 16;

    private final int socket;
    private final Arena arena;
    private final MemorySegment received;
    private int sequence;
    private boolean closed;

    private NetlinkSocket(int socket, Arena arena) {
        this.socket = socket;
        this.arena = arena;
        this.received = arena.allocate(RECEIVE_BYTES, Long.BYTES);
    }

    /**
     * @param protocol such as {@link #NETLINK_NETFILTER}
     * @throws NetlinkException when the kernel has no such protocol
     */
    public static NetlinkSocket open(int protocol) throws NetlinkException {
        int socket = LibC.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        if (socket < 0) {
            throw new NetlinkException("netlink socket of protocol " + protocol, -socket);
        }
        try {
            prepare(socket);
        } catch (NetlinkException e) {
            LibC.close(socket);
            throw e;
        }
        return new NetlinkSocket(socket, Arena.ofShared());
    }

    private static void prepare(int socket) throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            // struct sockaddr_nl: family, padding, port (0: the kernel chooses), groups (none).
            var address = scratch.allocate(12, 4);
            address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
            check("bind of a netlink socket", LibC.bind(socket, address));
            // struct timeval: seconds, microseconds.
            var time = scratch.allocate(16, 8);
            time.set(JAVA_LONG, 0, ANSWER.toSeconds());
            check("SO_RCVTIMEO of a netlink socket", LibC.setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, time));
        }
    }

    private static long check(String what, long result) throws NetlinkException {
        if (result < 0) {
            throw new NetlinkException(what, (int) -result);
        }
        return result;
    }

    @Override
    public List<byte[]> request(int type, int flags, byte[] payload) throws IOException {
        if (closed) {
            throw new IOException("the netlink socket is closed");
        }
        sequence++;
        send(type, flags, payload);
        var answers = new ArrayList<byte[]>();
        boolean more = true;
        while (more) {
            long length = receive();
            more = read(length, answers);
        }
        return answers;
    }

    private void send(int type, int flags, byte[] payload) throws NetlinkException {
        try (var scratch = Arena.ofConfined()) {
            int length = HEADER + payload.length;
            var message = scratch.allocate(length, 4);
            message.set(JAVA_INT, 0, length);
            message.set(JAVA_SHORT, 4, (short) type);
            message.set(JAVA_SHORT, 6, (short) flags);
            message.set(JAVA_INT, 8, sequence);
            MemorySegment.copy(payload, 0, message, JAVA_BYTE, HEADER, payload.length);
            long sent = LibC.send(socket, message, length);
            while (sent == -NetlinkException.EINTR) {
                sent = LibC.send(socket, message, length);
            }
            check("netlink request", sent);
        }
    }

    private long receive() throws NetlinkException {
        long length = LibC.recv(socket, received);
        while (length == -NetlinkException.EINTR) {
            length = LibC.recv(socket, received);
        }
        return check("netlink answer", length);
    }

    /** @return whether more is to come */
    private boolean read(long length, List<byte[]> answers) throws NetlinkException {
        long at = 0;
        while (at + HEADER <= length) {
            int size = received.get(JAVA_INT, at);
            if (size < HEADER || at + size > length) {
                return true;
            }
            int type = Short.toUnsignedInt(received.get(JAVA_SHORT, at + 4));
            // Answers to an earlier request that timed out are not ours.
            if (received.get(JAVA_INT, at + 8) == sequence) {
                switch (type) {
                    case NLMSG_DONE -> {
                        return false;
                    }
                    case NLMSG_ERROR -> {
                        int error = received.get(JAVA_INT, at + HEADER);
                        check("netlink request", error);
                        return false;
                    }
                    default ->
                        answers.add(received.asSlice(at + HEADER, size - HEADER).toArray(JAVA_BYTE));
                }
            }
            at += size + 3 & ~3;
        }
        return true;
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
