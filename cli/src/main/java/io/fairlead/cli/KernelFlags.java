package io.fairlead.cli;

import io.fairlead.proxy.config.ConntrackConfig;
import io.fairlead.proxy.config.ProxyConfig;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Kernel limits set at start; 0 leaves the kernel's value alone. */
final class KernelFlags {

    @Option(
            names = "--conntrack-max-per-core",
            converter = FlagValue.Int32.class,
            paramLabel = "N",
            description = "Tracked connections per CPU (default: 32768; 0: leave the kernel's limit).")
    int maxPerCore = ConntrackConfig.DEFAULT.maxPerCore();

    @Option(
            names = "--conntrack-min",
            converter = FlagValue.Int32.class,
            paramLabel = "N",
            description = "Lower bound of the limit (default: 131072).")
    int min = ConntrackConfig.DEFAULT.min();

    @Option(
            names = "--conntrack-tcp-be-liberal",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            description = "Do not mark out-of-window packets INVALID.")
    boolean tcpBeLiberal;

    @Option(
            names = "--conntrack-tcp-timeout-established",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            description = "How long an idle TCP connection is remembered (default: 24h; 0: leave).")
    Duration tcpEstablished = ConntrackConfig.DEFAULT.tcpEstablishedTimeout();

    @Option(
            names = "--conntrack-tcp-timeout-close-wait",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            description = "The same in CLOSE_WAIT (default: 1h; 0: leave).")
    Duration tcpCloseWait = ConntrackConfig.DEFAULT.tcpCloseWaitTimeout();

    @Option(
            names = "--conntrack-udp-timeout",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            description = "How long a UDP flow without answers is remembered (default: leave).")
    Duration udp = Duration.ZERO;

    @Option(
            names = "--conntrack-udp-timeout-stream",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            description = "The same for flows with answers (default: leave).")
    Duration udpStream = Duration.ZERO;

    @Option(
            names = "--oom-score-adj",
            converter = FlagValue.Int32.class,
            paramLabel = "N",
            description = "OOM score of this process, -1000 to 1000 (default: -999).")
    int oomScoreAdj = ProxyConfig.DEFAULT_OOM_SCORE_ADJ;

    ConntrackConfig conntrack() {
        return new ConntrackConfig(maxPerCore, min, tcpEstablished, tcpCloseWait, tcpBeLiberal, udp, udpStream);
    }
}
