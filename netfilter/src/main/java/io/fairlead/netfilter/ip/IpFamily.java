package io.fairlead.netfilter.ip;

/** The two IP families, named as Kubernetes names them. */
public enum IpFamily {
    IPV4("IPv4", 32),
    IPV6("IPv6", 128);

    private final String text;
    private final int bits;

    IpFamily(String text, int bits) {
        this.text = text;
        this.bits = bits;
    }

    /** Length of an address in bits: 32 or 128. */
    public int bits() {
        return bits;
    }

    public IpFamily other() {
        return this == IPV4 ? IPV6 : IPV4;
    }

    /** {@code IPv4} or {@code IPv6}, as in EndpointSlice's {@code addressType} and kube-proxy's metric labels. */
    @Override
    public String toString() {
        return text;
    }
}
