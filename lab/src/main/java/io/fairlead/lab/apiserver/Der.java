package io.fairlead.lab.apiserver;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes the ASN.1 values a certificate consists of, in DER (ITU-T X.690). Each method returns one whole encoded value. */
final class Der {

    private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(0x30, concat(parts));
    }

    static byte[] set(byte[]... parts) {
        return value(0x31, concat(parts));
    }

    static byte[] integer(BigInteger number) {
        return value(0x02, number.toByteArray());
    }

    static byte[] bool(boolean flag) {
        return value(0x01, new byte[] {(byte) (flag ? 0xff : 0)});
    }

    static byte[] octets(byte[] content) {
        return value(0x04, content);
    }

    /** @param unusedBits how many of the last byte's low bits do not count */
    static byte[] bits(byte[] content, int unusedBits) {
        return value(0x03, concat(new byte[] {(byte) unusedBits}, content));
    }

    static byte[] utf8(String text) {
        return value(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] time(Instant instant) {
        var text = GENERALIZED_TIME.format(instant.atOffset(ZoneOffset.UTC));
        return value(0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** An explicitly tagged value: {@code [number] EXPLICIT}. */
    static byte[] tagged(int number, byte[] content) {
        return value(0xa0 | number, content);
    }

    /** An implicitly tagged primitive value: {@code [number] IMPLICIT}. */
    static byte[] implicit(int number, byte[] content) {
        return value(0x80 | number, content);
    }

    /** An object identifier from its dotted form. */
    static byte[] oid(String dotted) {
        var parts = dotted.split("\\.", -1);
        var out = new ByteArrayOutputStream();
        out.write(Integer.parseInt(parts[0]) * 40 + Integer.parseInt(parts[1]));
        for (int i = 2; i < parts.length; i++) {
            base128(Integer.parseInt(parts[i]), out);
        }
        return value(0x06, out.toByteArray());
    }

    private static void base128(int number, ByteArrayOutputStream out) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (number >> shift != 0) {
                out.write(number >> shift & 0x7f | 0x80);
            }
        }
        out.write(number & 0x7f);
    }

    private static byte[] value(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            // A leading zero byte, there for the sign, is not part of a length.
            int skip = length[0] == 0 ? 1 : 0;
            out.write(0x80 | length.length - skip);
            out.write(length, skip, length.length - skip);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
