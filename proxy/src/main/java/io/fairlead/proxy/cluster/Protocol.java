package io.fairlead.proxy.cluster;

import java.util.Locale;

/** The protocols of Service and EndpointSlice ports, in the API's spelling. */
public enum Protocol {
    TCP,
    UDP,
    SCTP;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** Lower case, as in rules and chain name hashes. */
    public String text() {
        return text;
    }
}
