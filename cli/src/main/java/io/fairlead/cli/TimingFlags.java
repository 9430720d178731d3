package io.fairlead.cli;

import io.fairlead.proxy.config.ProxyConfig;
import java.time.Duration;
import picocli.CommandLine.Option;

/** When rules are written. */
final class TimingFlags {

    @Option(
            names = "--iptables-sync-period",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            description = "Interval of checks and retries, such as 30s or 1m (default: 30s); nftables mode, too.")
    Duration syncPeriod = ProxyConfig.DEFAULT_SYNC_PERIOD;

    @Option(
            names = "--iptables-min-sync-period",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            description = "Shortest time between two syncs (default: 1s; 0: at once); nftables mode, too.")
    Duration minSyncPeriod = ProxyConfig.DEFAULT_MIN_SYNC_PERIOD;

    @Option(
            names = "--config-sync-period",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            description = "How often the API's objects are looked through again (default: 15m).")
    Duration configSyncPeriod = ProxyConfig.DEFAULT_CONFIG_SYNC_PERIOD;
}
