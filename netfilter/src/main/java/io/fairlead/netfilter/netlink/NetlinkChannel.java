package io.fairlead.netfilter.netlink;

import java.io.IOException;
import java.util.List;

/** Something that answers netlink requests: the kernel, or in tests a recording of it. */
public interface NetlinkChannel extends AutoCloseable {

    /** include/uapi/linux/netlink.h: NLM_F_REQUEST and so on. */
    int REQUEST = 0x1;

    int ACK = 0x4;
    int DUMP = 0x300;
    int CREATE = 0x400;

    /**
     * Sends one request and waits for its acknowledgement.
     *
     * @param type nlmsg_type: the subsystem in the upper byte for NETLINK_NETFILTER
     * @param flags with {@link #ACK}, or {@link #DUMP}, so that an end comes
     * @param payload what follows the message header
     * @return the payloads of the answers, without the acknowledgement
     * @throws NetlinkException when the kernel answers with an error
     */
    List<byte[]> request(int type, int flags, byte[] payload) throws IOException;

    /** Takes the answers of a dump as they come. */
    @FunctionalInterface
    interface Sink {
        void accept(byte[] payload) throws IOException;
    }

    /**
     * Asks for a table whose entries need not fit into memory together.
     *
     * @throws NetlinkException with {@link NetlinkException#EINTR} when the table changed meanwhile, so that entries may
     *     be missing: all that came has been handed over
     */
    default void dump(int type, byte[] payload, Sink sink) throws IOException {
        for (var answer : request(type, REQUEST | DUMP, payload)) {
            sink.accept(answer);
        }
    }

    @Override
    void close();
}
