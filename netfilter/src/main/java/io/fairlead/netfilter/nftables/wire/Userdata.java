package io.fairlead.netfilter.nftables.wire;

import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.netlink.MessageBuffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What user space keeps with an object, in nft's format (libnftnl, include/libnftnl/udata.h): type and length in one byte
 * each, and the value; numbers are in the host's byte order.
 */
final class Userdata {

    /** NFTNL_UDATA_TABLE_COMMENT and the same of chains, rules and elements. */
    static final int COMMENT = 0;

    /** The longest value: its length has one byte. */
    private static final int MAX_VALUE = 255;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** An attribute that holds a comment, or nothing when there is none. Plain text makes no garbage. */
    static void comment(MessageBuffer to, int attribute, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (!isPlain(text)) {
            to.put(attribute, new Userdata().put(COMMENT, text).toBytes());
            return;
        }
        int length = Math.min(text.length(), MAX_VALUE - 1);
        int start = to.beginBytes(attribute);
        to.append(COMMENT);
        to.append(length + 1);
        for (int i = 0; i < length; i++) {
            to.append(text.charAt(i));
        }
        to.append(0);
        to.endBytes(start);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    Userdata put(int type, byte[] value) {
        if (value.length > MAX_VALUE) {
            throw new IllegalArgumentException("userdata holds at most " + MAX_VALUE + " bytes, not " + value.length);
        }
        bytes.write(type);
        bytes.write(value.length);
        bytes.writeBytes(value);
        return this;
    }

    Userdata put(int type, int value) {
        return put(
                type,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    /** A text and its NUL; one that is too long is cut at a character. */
    Userdata put(int type, String text) {
        var encoded = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(encoded.length, MAX_VALUE - 1);
        while (length < encoded.length && length > 0 && (encoded[length] & 0xc0) == 0x80) {
            length--;
        }
        return put(type, Arrays.copyOf(Arrays.copyOf(encoded, length), length + 1));
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** The values by type, as far as they can be read: other programs may write what they like. */
    static Map<Integer, byte[]> read(byte[] userdata) {
        var values = new TreeMap<Integer, byte[]>();
        int at = 0;
        while (at + 2 <= userdata.length) {
            int length = userdata[at + 1] & 0xff;
            if (at + 2 + length > userdata.length) {
                break;
            }
            values.put(userdata[at] & 0xff, Arrays.copyOfRange(userdata, at + 2, at + 2 + length));
            at += 2 + length;
        }
        return values;
    }

    static String text(byte[] value) {
        int end = 0;
        while (end < value.length && value[end] != 0) {
            end++;
        }
        return new String(value, 0, end, StandardCharsets.UTF_8);
    }

    static int number(byte[] value) throws MalformedMessageException {
        if (value.length != Integer.BYTES) {
            throw new MalformedMessageException("number of " + value.length + " bytes in userdata");
        }
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }
}
