package io.fairlead.netfilter.nfacct;

import io.fairlead.netfilter.netlink.Attributes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What follows the netlink header in a message about a counter: struct nfgenmsg and attributes.
 *
 * @param name empty when the message has none, as with the others
 */
record CounterMessage(Optional<String> name, OptionalLong packets, OptionalLong bytes) {

    /** struct nfgenmsg: family, version, resource id. */
    private static final int HEADER = 4;

    private static final byte AF_NETLINK = 16;

    // include/uapi/linux/netfilter/nfnetlink_acct.h: enum nfnl_acct_type
    private static final int NFACCT_NAME = 1;
    private static final int NFACCT_PKTS = 2;
    private static final int NFACCT_BYTES = 3;

    /** NFACCT_NAME_MAX less the terminating NUL. */
    private static final int MAX_NAME = 31;

    /** Names the counter to create or to get. */
    static byte[] encode(String name) {
        var text = Attributes.text(name);
        if (name.isEmpty() || text.length - 1 > MAX_NAME || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" cannot be an nfacct counter: 1–" + MAX_NAME + " bytes, no NUL");
        }
        var message = ByteBuffer.allocate(HEADER + Attributes.size(text.length));
        message.put(AF_NETLINK).put((byte) 0).putShort((short) 0);
        Attributes.put(message, NFACCT_NAME, text);
        return message.array();
    }

    /** Reads as much as there is; attributes of other types are skipped. */
    static CounterMessage decode(byte[] message) {
        var attributes = Attributes.read(message, HEADER);
        return new CounterMessage(
                Optional.ofNullable(attributes.get(NFACCT_NAME)).map(Attributes::text),
                number(attributes.get(NFACCT_PKTS)),
                number(attributes.get(NFACCT_BYTES)));
    }

    private static OptionalLong number(byte @Nullable [] bigEndian) {
        return bigEndian != null && bigEndian.length == Long.BYTES
                ? OptionalLong.of(ByteBuffer.wrap(bigEndian).getLong())
                : OptionalLong.empty();
    }

    /** The counter, when the message says all about it. */
    Optional<Counter> counter() {
        return packets.isPresent() && bytes.isPresent()
                ? name.map(known -> new Counter(known, packets.getAsLong(), bytes.getAsLong()))
                : Optional.empty();
    }
}
