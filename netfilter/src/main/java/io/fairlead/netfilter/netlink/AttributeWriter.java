package io.fairlead.netfilter.netlink;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** Writes attributes one after the other; numbers big-endian, as netfilter wants them. */
public final class AttributeWriter {

    /** include/uapi/linux/netlink.h */
    private static final int NLA_F_NESTED = 1 << 15;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Puts something that is no attribute, such as struct nfgenmsg; a multiple of four bytes. */
    public AttributeWriter raw(byte... header) {
        bytes.writeBytes(header);
        return this;
    }

    public AttributeWriter put(int type, byte[] value) {
        var attribute = ByteBuffer.allocate(Attributes.size(value.length));
        Attributes.put(attribute, type, value);
        bytes.writeBytes(attribute.array());
        return this;
    }

    public AttributeWriter putByte(int type, int value) {
        return put(type, new byte[] {(byte) value});
    }

    public AttributeWriter putShort(int type, int value) {
        return put(
                type, ByteBuffer.allocate(Short.BYTES).putShort((short) value).array());
    }

    public AttributeWriter putInt(int type, int value) {
        return put(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    /** A number in the host's byte order: the exception. */
    public AttributeWriter putHostInt(int type, int value) {
        return put(
                type,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    /** An attribute that holds attributes. */
    public AttributeWriter nest(int type, Consumer<AttributeWriter> inside) {
        var nested = new AttributeWriter();
        inside.accept(nested);
        return put(type | NLA_F_NESTED, nested.toBytes());
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
