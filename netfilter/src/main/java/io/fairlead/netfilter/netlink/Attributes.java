package io.fairlead.netfilter.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Netlink attributes: length and type as 16 bits each in host order, the value, and padding to four bytes (struct
 * nlattr).
 */
public final class Attributes {

    private static final int HEADER = 4;

    /** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
    private static final int TYPE_MASK = 0x3fff;

    private Attributes() {}

    /** Bytes that an attribute with a value of this length takes, padding included. */
    public static int size(int valueLength) {
        return align(HEADER + valueLength);
    }

    /** Appends an attribute; the buffer's order becomes the host's. */
    public static void put(ByteBuffer to, int type, byte[] value) {
        to.order(ByteOrder.nativeOrder());
        int end = to.position() + size(value.length);
        to.putShort((short) (HEADER + value.length)).putShort((short) type).put(value);
        while (to.position() < end) {
            to.put((byte) 0);
        }
    }

    /** A text and its terminating NUL. */
    public static byte[] text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** The text before the first NUL. */
    public static String text(byte[] value) {
        int end = 0;
        while (end < value.length && value[end] != 0) {
            end++;
        }
        return new String(value, 0, end, StandardCharsets.UTF_8);
    }

    /**
     * The values by type; of two with the same type the last. Reading stops at the first thing that cannot be an
     * attribute.
     *
     * @param from offset of the first attribute; beyond the end means none
     */
    public static Map<Integer, byte[]> read(byte[] message, int from) {
        var attributes = new TreeMap<Integer, byte[]>();
        var buffer = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        int at = from;
        while (at + HEADER <= message.length) {
            int length = Short.toUnsignedInt(buffer.getShort(at));
            if (length < HEADER || at + length > message.length) {
                break;
            }
            attributes.put(buffer.getShort(at + 2) & TYPE_MASK, Arrays.copyOfRange(message, at + HEADER, at + length));
            at += align(length);
        }
        return attributes;
    }

    private static int align(int length) {
        return length + 3 & ~3;
    }
}
