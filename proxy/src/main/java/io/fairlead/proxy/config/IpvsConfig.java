package io.fairlead.proxy.config;

import java.time.Duration;
import java.util.List;

/** Section {@code ipvs}: read, checked and written back; Fairlead has no ipvs mode. */
public record IpvsConfig(
        String scheduler,
        List<String> excludeCidrs,
        boolean strictArp,
        Duration tcpTimeout,
        Duration tcpFinTimeout,
        Duration udpTimeout) {

    public static final IpvsConfig DEFAULT =
            new IpvsConfig("", List.of(), false, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public IpvsConfig {
        excludeCidrs = List.copyOf(excludeCidrs);
    }
}
