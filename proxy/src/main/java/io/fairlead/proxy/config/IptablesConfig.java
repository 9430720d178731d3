package io.fairlead.proxy.config;

/**
 * Section {@code iptables}, without what all modes share.
 *
 * @param masqueradeBit 0–31: the bit of the packet mark that asks for masquerading
 * @param localhostNodePorts whether NodePorts answer on 127.0.0.0/8 (IPv4 only)
 */
public record IptablesConfig(int masqueradeBit, boolean localhostNodePorts) {

    public static final IptablesConfig DEFAULT = new IptablesConfig(14, true);
}
