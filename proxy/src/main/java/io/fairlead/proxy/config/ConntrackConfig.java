package io.fairlead.proxy.config;

import java.time.Duration;

/**
 * Section {@code conntrack}: kernel limits set at start. A zero leaves the kernel's value alone.
 *
 * @param maxPerCore connections per CPU
 * @param min lower bound of the sum, unless maxPerCore is 0
 */
public record ConntrackConfig(
        int maxPerCore,
        int min,
        Duration tcpEstablishedTimeout,
        Duration tcpCloseWaitTimeout,
        boolean tcpBeLiberal,
        Duration udpTimeout,
        Duration udpStreamTimeout) {

    public static final ConntrackConfig DEFAULT = new ConntrackConfig(
            32768, 131072, Duration.ofHours(24), Duration.ofHours(1), false, Duration.ZERO, Duration.ZERO);
}
