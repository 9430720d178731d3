package io.fairlead.netfilter.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Messages one behind the other, in memory outside the heap that grows as needed; writing makes no garbage. Numbers in
 * attributes are big-endian, as netfilter wants them, unless a method says otherwise.
 *
 * <p>Not for concurrent use.
 */
public final class MessageBuffer implements AutoCloseable {

    /** struct nlmsghdr: length, type, flags, sequence, port. */
    public static final int HEADER = 16;

    /** include/uapi/linux/netlink.h: struct nlattr */
    private static final int ATTRIBUTE_HEADER = 4;

    private static final int NLA_F_NESTED = 1 << 15;

    /** The longest that an attribute can be: its length has 16 bits. */
    public static final int MAX_ATTRIBUTE = 0xffff;

    private static final int FLAGS_AT = 6;

    private Arena arena = Arena.ofShared();
    private MemorySegment segment;
    private ByteBuffer bytes;
    private int position;

    public MessageBuffer(int capacity) {
        segment = arena.allocate(capacity, Long.BYTES);
        bytes = view(segment);
    }

    private static ByteBuffer view(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Bytes that have been written. */
    public int size() {
        return position;
    }

    public boolean isEmpty() {
        return position == 0;
    }

    /** What has been written; valid until more is. */
    MemorySegment written() {
        return segment.asSlice(0, position);
    }

    /** A copy of a part of what has been written. */
    public byte[] copy(int from, int length) {
        var copy = new byte[length];
        bytes.get(from, copy);
        return copy;
    }

    /** Forgets everything from here on. */
    public void truncate(int size) {
        position = size;
    }

    /** Makes room, perhaps in other memory: {@link #bytes} must not be read before. @return where the room is */
    private int reserve(int length) {
        if (length > bytes.capacity() - position) {
            grow(Math.addExact(position, length));
        }
        int at = position;
        position += length;
        return at;
    }

    private void grow(int needed) {
        var larger = Arena.ofShared();
        long capacity = Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.capacity()));
        var target = larger.allocate(capacity, Long.BYTES);
        MemorySegment.copy(segment, 0, target, 0, position);
        arena.close();
        arena = larger;
        segment = target;
        bytes = view(target);
    }

    /** @return where the message begins, for {@link #endMessage} */
    public int beginMessage(int type, int flags, int sequence) {
        int start = reserve(HEADER);
        bytes.putInt(start, 0);
        bytes.putShort(start + 4, (short) type);
        bytes.putShort(start + FLAGS_AT, (short) flags);
        bytes.putInt(start + 8, sequence);
        bytes.putInt(start + 12, 0);
        return start;
    }

    public void endMessage(int start) {
        bytes.putInt(start, position - start);
    }

    /** Sets flags of a message that has been written. */
    public void addFlags(int messageStart, int flags) {
        int at = messageStart + FLAGS_AT;
        bytes.putShort(at, (short) (bytes.getShort(at) | flags));
    }

    /** Four bytes that are no attribute, such as struct nfgenmsg; the first in the highest bits. */
    public void putRaw(int bigEndian) {
        putBigEndian(reserve(Integer.BYTES), bigEndian);
    }

    /** @return where the attribute begins, for {@link #endNested} */
    public int beginNested(int type) {
        int start = reserve(ATTRIBUTE_HEADER);
        bytes.putShort(start + 2, (short) (type | NLA_F_NESTED));
        return start;
    }

    /** @throws IllegalArgumentException when more is in it than an attribute can hold */
    public void endNested(int start) {
        int length = position - start;
        if (length > MAX_ATTRIBUTE) {
            throw new IllegalArgumentException(
                    "a netlink attribute holds at most " + MAX_ATTRIBUTE + " bytes, not " + length);
        }
        bytes.putShort(start, (short) length);
    }

    /** Header and padding of an attribute; @return where the value goes */
    private int attribute(int type, int length) {
        if (length > MAX_ATTRIBUTE - ATTRIBUTE_HEADER) {
            throw new IllegalArgumentException(
                    "a netlink attribute holds at most " + MAX_ATTRIBUTE + " bytes, not " + length);
        }
        int start = reserve(Attributes.size(length));
        // The padding, and the value's last bytes, which are overwritten.
        bytes.putInt(position - Integer.BYTES, 0);
        bytes.putShort(start, (short) (ATTRIBUTE_HEADER + length));
        bytes.putShort(start + 2, (short) type);
        return start + ATTRIBUTE_HEADER;
    }

    public void putByte(int type, int value) {
        int at = attribute(type, Byte.BYTES);
        bytes.put(at, (byte) value);
    }

    public void putShort(int type, int value) {
        int at = attribute(type, Short.BYTES);
        bytes.put(at, (byte) (value >>> 8));
        bytes.put(at + 1, (byte) value);
    }

    public void putInt(int type, int value) {
        putBigEndian(attribute(type, Integer.BYTES), value);
    }

    public void putLong(int type, long value) {
        int at = attribute(type, Long.BYTES);
        putBigEndian(at, (int) (value >>> 32));
        putBigEndian(at + 4, (int) value);
    }

    private void putBigEndian(int at, int value) {
        bytes.putInt(at, bytes.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    public void put(int type, byte[] value) {
        int at = attribute(type, value.length);
        bytes.put(at, value);
    }

    /** Begins an attribute whose bytes are appended one by one; @return where, for {@link #endBytes} */
    public int beginBytes(int type) {
        int start = reserve(ATTRIBUTE_HEADER);
        bytes.putShort(start + 2, (short) type);
        return start;
    }

    public void append(int oneByte) {
        int at = reserve(Byte.BYTES);
        bytes.put(at, (byte) oneByte);
    }

    /** Ends it, with padding. */
    public void endBytes(int start) {
        endNested(start);
        while (position % Integer.BYTES != 0) {
            append(0);
        }
    }

    /** Something that writes its own bytes at an index of a buffer, so that they need not be copied before. */
    public interface Source {
        int length();

        void copyTo(ByteBuffer to, int index);
    }

    public void put(int type, Source value) {
        int at = attribute(type, value.length());
        value.copyTo(bytes, at);
    }

    /**
     * A text in UTF-8 and its terminating NUL.
     *
     * @throws IllegalArgumentException when a NUL is in it: the kernel would not see what follows
     */
    public void putText(int type, String text) {
        int length = text.length();
        int at = attribute(type, length + 1);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == 0 || c >= 0x80) {
                position = at - ATTRIBUTE_HEADER;
                putUnusualText(type, text);
                return;
            }
            bytes.put(at + i, (byte) c);
        }
        bytes.put(at + length, (byte) 0);
    }

    private void putUnusualText(int type, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("\"" + text.replace("\0", "\\0") + "\" has a NUL in it");
        }
        var encoded = text.getBytes(StandardCharsets.UTF_8);
        int at = attribute(type, encoded.length + 1);
        bytes.put(at, encoded);
        bytes.put(at + encoded.length, (byte) 0);
    }

    @Override
    public void close() {
        arena.close();
    }
}
