package io.fairlead.netfilter.iptables;

import java.util.List;

/**
 * The protocol and the ports of one rule that are written together, {@code -m tcp -p tcp}.
 *
 * @param protocol index of the {@link Match.Protocol}, -1 when nothing is paired
 * @param ports index of the {@link Match.Ports}, -1 when nothing is paired
 */
record PortsPairing(int protocol, int ports) {

    private static final PortsPairing NONE = new PortsPairing(-1, -1);

    static PortsPairing of(List<Match> matches) {
        int protocolAt = -1;
        String protocol = "";
        for (int i = 0; i < matches.size(); i++) {
            if (matches.get(i) instanceof Match.Protocol(String name, boolean negated) && !negated) {
                protocolAt = i;
                protocol = Protocols.canonical(name);
            }
        }
        if (protocolAt < 0) {
            return NONE;
        }
        for (int i = 0; i < matches.size(); i++) {
            if (matches.get(i) instanceof Match.Ports ports && ports.module().equals(protocol)) {
                return new PortsPairing(protocolAt, i);
            }
        }
        return NONE;
    }

    /** Where the module is loaded: its place among the kernel's conditions. */
    int first() {
        return Math.min(protocol, ports);
    }
}
