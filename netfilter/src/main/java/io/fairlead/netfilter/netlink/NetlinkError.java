package io.fairlead.netfilter.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the kernel has against one message: NLMSG_ERROR, with what the extended acknowledgement says.
 *
 * @param sequence of the message
 * @param errno a positive errno(3)
 * @param offset where in the message the attribute is that it is about, counted from the message's header
 * @param explanation the kernel's own words
 */
public record NetlinkError(int sequence, int errno, OptionalInt offset, Optional<String> explanation) {

    // include/uapi/linux/netlink.h
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int NLMSGERR_ATTR_OFFS = 2;

    /** Its errno, and the header of the message that it is about. */
    private static final int FIXED = Integer.BYTES + MessageBuffer.HEADER;

    /** @return empty when it is an acknowledgement */
    static Optional<NetlinkError> of(NetlinkMessage message) {
        int errno = message.errno();
        if (errno == 0) {
            return Optional.empty();
        }
        var payload = message.payload();
        if ((message.flags() & NLM_F_ACK_TLVS) == 0 || payload.length < FIXED) {
            return Optional.of(new NetlinkError(message.sequence(), errno, OptionalInt.empty(), Optional.empty()));
        }
        int from = FIXED;
        if ((message.flags() & NLM_F_CAPPED) == 0) {
            int length = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).getInt(Integer.BYTES);
            from = Math.clamp(Integer.BYTES + (length + 3L & ~3L), FIXED, payload.length);
        }
        var said = Attributes.read(payload, from);
        return Optional.of(new NetlinkError(
                message.sequence(),
                errno,
                number(said.get(NLMSGERR_ATTR_OFFS)),
                Optional.ofNullable(said.get(NLMSGERR_ATTR_MSG)).map(Attributes::text)));
    }

    private static OptionalInt number(byte @org.jspecify.annotations.Nullable [] value) {
        return value != null && value.length == Integer.BYTES
                ? OptionalInt.of(
                        ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt())
                : OptionalInt.empty();
    }
}
