package io.fairlead.lab.dns;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A resource record of class IN. */
public final class DnsRecord {

    private static final int TTL = 30; // what kubeadm's Corefile says

    private final DnsName name;
    private final int type;
    private final byte[] data;

    /** @param data as on the wire, names uncompressed */
    private DnsRecord(DnsName name, int type, byte[] data) {
        this.name = name;
        this.type = type;
        this.data = data;
    }

    public static DnsRecord address(DnsName name, IpAddress address) {
        int type = address.family() == IpFamily.IPV4 ? DnsType.A : DnsType.AAAA;
        return new DnsRecord(name, type, address.toBytes());
    }

    static DnsRecord cname(DnsName name, DnsName target) {
        return new DnsRecord(name, DnsType.CNAME, target.bytes());
    }

    static DnsRecord ptr(DnsName name, DnsName target) {
        return new DnsRecord(name, DnsType.PTR, target.bytes());
    }

    static DnsRecord ns(DnsName name, DnsName server) {
        return new DnsRecord(name, DnsType.NS, server.bytes());
    }

    /** RFC 2782; all targets are equal. */
    static DnsRecord srv(DnsName name, int port, DnsName target) {
        var data = new ByteArrayOutputStream();
        data.writeBytes(ByteBuffer.allocate(6)
                .putShort((short) 0)
                .putShort((short) 100)
                .putShort((short) port)
                .array());
        target.write(data);
        return new DnsRecord(name, DnsType.SRV, data.toByteArray());
    }

    static DnsRecord txt(DnsName name, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        var data = new ByteArrayOutputStream();
        data.write(bytes.length);
        data.writeBytes(bytes);
        return new DnsRecord(name, DnsType.TXT, data.toByteArray());
    }

    /** Says for how long an absence may be remembered. */
    static DnsRecord soa(DnsName zone) {
        var data = new ByteArrayOutputStream();
        DnsName.of("ns.dns." + zone).write(data);
        DnsName.of("hostmaster." + zone).write(data);
        // serial, refresh, retry, expire, minimum
        var times = ByteBuffer.allocate(20);
        for (int value : new int[] {1, 7200, 1800, 86400, TTL}) {
            times.putInt(value);
        }
        data.writeBytes(times.array());
        return new DnsRecord(zone, DnsType.SOA, data.toByteArray());
    }

    public DnsName name() {
        return name;
    }

    /** See {@link DnsType}. */
    public int type() {
        return type;
    }

    /** Seconds. */
    int ttl() {
        return TTL;
    }

    byte[] data() {
        return data;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DnsRecord that
                && name.equals(that.name)
                && type == that.type
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return name + " " + type + " " + HexFormat.of().formatHex(data);
    }
}
