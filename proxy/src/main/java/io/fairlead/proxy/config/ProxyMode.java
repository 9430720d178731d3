package io.fairlead.proxy.config;

/** How rules are written. */
public enum ProxyMode {
    IPTABLES("iptables"),
    NFTABLES("nftables");

    private final String text;

    ProxyMode(String text) {
        this.text = text;
    }

    /** The name in flags, configuration and log lines. */
    @Override
    public String toString() {
        return text;
    }
}
