package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.Protocol;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What Service ports and slice ports have in common, while it is being read. */
final class PortDraft {

    @Nullable String name;

    private @Nullable String protocol;
    private boolean hasPort;
    int port;

    void field(String field, FieldReader in) throws IOException {
        switch (field) {
            case "name" -> name = in.repeated();
            case "protocol" -> protocol = in.repeated();
            case "port" -> {
                hasPort = !in.isNull();
                port = in.number(0);
            }
            default -> {}
        }
    }

    /** TCP when absent, as the API server would fill in. */
    Protocol protocol() {
        return switch (protocol) {
            case "UDP" -> Protocol.UDP;
            case "SCTP" -> Protocol.SCTP;
            case null, default -> Protocol.TCP;
        };
    }

    /** Whether this is a usable port; what is wrong is noted. */
    boolean complete(FieldReader in) {
        if (name != null && !name.isEmpty() && !Text.isDnsLabel(name)) {
            in.note("name", name, "is not a port name (a DNS label, at most 63 characters); this port is left out");
            return false;
        }
        if (protocol != null && !protocol.equals(protocol().name())) {
            in.note("protocol", protocol, "is not TCP, UDP or SCTP; this port is left out");
            return false;
        }
        if (!hasPort) {
            in.note("port", "", "is missing; this port is left out");
            return false;
        }
        if (port < 1 || port > 65535) {
            in.note("port", Integer.toString(port), "is not a port (1–65535); this port is left out");
            return false;
        }
        return true;
    }
}
