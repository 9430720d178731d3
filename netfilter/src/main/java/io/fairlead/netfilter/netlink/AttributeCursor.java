package io.fairlead.netfilter.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Walks over attributes in place: {@link #next} steps to one, the getters read it. Numbers inside netfilter's attributes
 * are big-endian, lengths and types of attributes are not.
 */
public final class AttributeCursor {

    private static final int HEADER = 4;

    /** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
    private static final int TYPE_MASK = 0x3fff;

    private final byte[] message;
    private final ByteBuffer header;
    private final ByteBuffer value;
    private final int end;
    private int next;
    private int at;
    private int length;
    private int type;

    private AttributeCursor(byte[] message, ByteBuffer header, ByteBuffer value, int from, int end) {
        this.message = message;
        this.header = header;
        this.value = value;
        this.next = from;
        this.end = end;
    }

    /** @param from offset of the first attribute; beyond the end means that there are none */
    public static AttributeCursor over(byte[] message, int from) {
        var header = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        var value = ByteBuffer.wrap(message).order(ByteOrder.BIG_ENDIAN);
        return new AttributeCursor(message, header, value, from, message.length);
    }

    /**
     * Steps to the next attribute.
     *
     * @return false at the end
     * @throws MalformedMessageException when what follows cannot be an attribute
     */
    public boolean next() throws MalformedMessageException {
        if (end - next < HEADER) {
            return false;
        }
        int size = Short.toUnsignedInt(header.getShort(next));
        if (size < HEADER || size > end - next) {
            throw new MalformedMessageException(
                    "netlink attribute of " + size + " bytes where " + HEADER + "–" + (end - next) + " are possible");
        }
        type = header.getShort(next + 2) & TYPE_MASK;
        at = next + HEADER;
        length = size - HEADER;
        next = Math.min(next + Attributes.size(length), end);
        return true;
    }

    public int type() {
        return type;
    }

    /** The attributes inside this one. */
    public AttributeCursor nested() {
        return new AttributeCursor(message, header, value, at, at + length);
    }

    public byte[] bytes() {
        return Arrays.copyOfRange(message, at, at + length);
    }

    public int unsignedByte() throws MalformedMessageException {
        require(Byte.BYTES);
        return message[at] & 0xff;
    }

    public int unsignedShort() throws MalformedMessageException {
        require(Short.BYTES);
        return Short.toUnsignedInt(value.getShort(at));
    }

    public int number() throws MalformedMessageException {
        require(Integer.BYTES);
        return value.getInt(at);
    }

    public long longNumber() throws MalformedMessageException {
        require(Long.BYTES);
        return value.getLong(at);
    }

    /** The text before the first NUL. */
    public String text() {
        return Attributes.text(bytes());
    }

    /** Where this attribute's value is in the message. */
    public int offset() {
        return at;
    }

    /** Bytes of this attribute's value. */
    public int length() {
        return length;
    }

    private void require(int bytes) throws MalformedMessageException {
        if (length != bytes) {
            throw new MalformedMessageException(
                    "netlink attribute " + type + " has " + length + " bytes, not " + bytes);
        }
    }
}
