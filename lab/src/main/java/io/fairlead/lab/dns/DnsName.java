package io.fairlead.lab.dns;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A domain name as its labels, the root's empty label left out. Case is kept, and counts for nothing in comparisons. */
public record DnsName(List<String> labels) {

    private static final int MAX_LABEL = 63; // RFC 1035, 2.3.4
    private static final int MAX_NAME = 255;

    public DnsName {
        labels = List.copyOf(labels);
    }

    /** Of dotted text without escapes. */
    public static DnsName of(String text) {
        String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return new DnsName(bare.isEmpty() ? List.of() : List.of(bare.split("\\.", -1)));
    }

    /** @throws BufferUnderflowException or IllegalArgumentException when the bytes are no uncompressed name */
    static DnsName read(ByteBuffer in) {
        var labels = new ArrayList<String>();
        int total = 1;
        for (int length = in.get() & 0xff; length > 0; length = in.get() & 0xff) {
            total += length + 1;
            if (length > MAX_LABEL || total > MAX_NAME) {
                throw new IllegalArgumentException("a name that is compressed or too long");
            }
            var label = new byte[length];
            in.get(label);
            labels.add(new String(label, StandardCharsets.ISO_8859_1));
        }
        return new DnsName(labels);
    }

    void write(ByteArrayOutputStream out) {
        for (var label : labels) {
            var bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
    }

    byte[] bytes() {
        var out = new ByteArrayOutputStream();
        write(out);
        return out.toByteArray();
    }

    /** Whether it could be on the wire at all; names made of API objects may not. */
    boolean isValid() {
        return bytes().length <= MAX_NAME
                && labels.stream().allMatch(label -> !label.isEmpty() && label.length() <= MAX_LABEL);
    }

    boolean isWithin(DnsName zone) {
        int extra = labels.size() - zone.labels.size();
        return extra >= 0
                && new DnsName(labels.subList(extra, labels.size())).lower().equals(zone.lower());
    }

    /** What comes before the zone, in lower case. */
    List<String> below(DnsName zone) {
        return lower().labels.subList(0, labels.size() - zone.labels.size());
    }

    DnsName lower() {
        return new DnsName(
                labels.stream().map(label -> label.toLowerCase(Locale.ROOT)).toList());
    }

    @Override
    public String toString() {
        return String.join(".", labels) + ".";
    }
}
