package io.fairlead.lab.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the fields of one protocol buffer message; everything it reads may be hostile. */
final class WireReader {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer bytes;
    private int type;
    private long number;
    private ByteBuffer content = ByteBuffer.allocate(0);

    WireReader(ByteBuffer message) {
        this.bytes = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads the next field and returns its number; 0 at the end. */
    int next() throws IOException {
        if (!bytes.hasRemaining()) {
            return 0;
        }
        long tag = varint();
        type = (int) (tag & 7);
        int field = (int) (tag >>> 3);
        if (field <= 0) {
            throw new IOException("protobuf: field number " + field);
        }
        switch (type) {
            case VARINT -> number = varint();
            case FIXED64 -> number = fixed(Long.BYTES).getLong();
            case FIXED32 -> number = fixed(Integer.BYTES).getInt();
            case LENGTH_DELIMITED -> content = slice(varint());
            default -> throw new IOException("protobuf: wire type " + type);
        }
        return field;
    }

    /** The number of the field just read, if it is one. */
    long number() throws IOException {
        if (type == LENGTH_DELIMITED) {
            throw new IOException("protobuf: a number is expected, not bytes");
        }
        return number;
    }

    double floating() throws IOException {
        return type == FIXED64 ? Double.longBitsToDouble(number()) : Float.intBitsToFloat((int) number());
    }

    /** The content of the field just read, if it has any: text, bytes, a message, numbers in a row. */
    ByteBuffer content() throws IOException {
        if (type != LENGTH_DELIMITED) {
            throw new IOException("protobuf: bytes are expected, not a number");
        }
        return content.duplicate();
    }

    boolean hasContent() {
        return type == LENGTH_DELIMITED;
    }

    /** Reads a number from among numbers in a row. */
    long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!bytes.hasRemaining()) {
                break;
            }
            byte b = bytes.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("protobuf: a number does not end");
    }

    boolean hasRemaining() {
        return bytes.hasRemaining();
    }

    private ByteBuffer fixed(int length) throws IOException {
        return slice(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer slice(long length) throws IOException {
        if (length < 0 || length > bytes.remaining()) {
            throw new IOException("protobuf: " + length + " bytes are announced, " + bytes.remaining() + " are left");
        }
        var slice = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return slice;
    }
}
