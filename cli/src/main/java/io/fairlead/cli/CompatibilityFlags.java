package io.fairlead.cli;

import io.fairlead.proxy.config.IpvsConfig;
import io.fairlead.proxy.config.ProxyConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Flags of kube-proxy that are accepted and have no effect here, so that its command lines keep working. */
final class CompatibilityFlags {

    @Option(names = "--ipvs-exclude-cidrs", split = ",", hidden = true)
    List<String> excludeCidrs = new ArrayList<>();

    @Option(
            names = "--ipvs-min-sync-period",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            hidden = true)
    Duration minSyncPeriod = ProxyConfig.DEFAULT_MIN_SYNC_PERIOD;

    @Option(names = "--ipvs-sync-period", converter = FlagValue.GoTime.class, paramLabel = "DURATION", hidden = true)
    Duration syncPeriod = ProxyConfig.DEFAULT_SYNC_PERIOD;

    @Option(names = "--ipvs-scheduler", paramLabel = "NAME", hidden = true)
    String scheduler = "";

    @Option(
            names = "--ipvs-strict-arp",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            hidden = true)
    boolean strictArp;

    @Option(names = "--ipvs-tcp-timeout", converter = FlagValue.GoTime.class, paramLabel = "DURATION", hidden = true)
    Duration tcpTimeout = Duration.ZERO;

    @Option(names = "--ipvs-tcpfin-timeout", converter = FlagValue.GoTime.class, paramLabel = "DURATION", hidden = true)
    Duration tcpFinTimeout = Duration.ZERO;

    @Option(names = "--ipvs-udp-timeout", converter = FlagValue.GoTime.class, paramLabel = "DURATION", hidden = true)
    Duration udpTimeout = Duration.ZERO;

    @Option(names = "--boot-id-file", paramLabel = "FILE", hidden = true)
    String bootIdFile = "";

    @Option(names = "--machine-id-file", paramLabel = "FILE", hidden = true)
    String machineIdFile = "";

    IpvsConfig ipvs() {
        var cidrs = excludeCidrs.stream().filter(text -> !text.isEmpty()).toList();
        return new IpvsConfig(scheduler, cidrs, strictArp, tcpTimeout, tcpFinTimeout, udpTimeout);
    }
}
