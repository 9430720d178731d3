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

    /** The same, but the limit of connections, which all network namespaces of the machine share, is left alone. */
    public ConntrackConfig withoutMachineLimit() {
        return new ConntrackConfig(
                0, min, tcpEstablishedTimeout, tcpCloseWaitTimeout, tcpBeLiberal, udpTimeout, udpStreamTimeout);
    }
}
