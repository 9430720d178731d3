package io.fairlead.cli;

import io.fairlead.proxy.config.ConfigException;
import io.fairlead.proxy.config.ConfigReader;
import io.fairlead.proxy.config.IptablesConfig;
import io.fairlead.proxy.config.LoggingConfig;
import io.fairlead.proxy.config.NftablesConfig;
import io.fairlead.proxy.config.NodeName;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.WindowsConfig;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;

/** All of kube-proxy's flags on Linux, and what they amount to: one configuration, from flags or from a file. */
final class ProxyOptions {

    @ArgGroup(validate = false, order = 2, heading = "%nRules:%n")
    RuleFlags rules = new RuleFlags();

    @ArgGroup(validate = false, order = 3, heading = "%nNode:%n")
    NodeFlags node = new NodeFlags();

    @ArgGroup(validate = false, order = 4, heading = "%nTiming:%n")
    TimingFlags timing = new TimingFlags();

    @ArgGroup(validate = false, order = 5, heading = "%nConnection to the API server:%n")
    ClusterFlags cluster = new ClusterFlags();

    @ArgGroup(validate = false, order = 6, heading = "%nHealth and metrics:%n")
    ServerFlags servers = new ServerFlags();

    @ArgGroup(validate = false, order = 7, heading = "%nKernel limits set at start:%n")
    KernelFlags kernel = new KernelFlags();

    @ArgGroup(validate = false, order = 8, heading = "%nLogging:%n")
    LoggingFlags logging = new LoggingFlags();

    @Mixin
    CompatibilityFlags compatibility = new CompatibilityFlags();

    /**
     * The configuration of a file with the flags that beat it, or of the flags alone; with platform defaults, not validated.
     *
     * @param file of the flag --config
     * @param withPortFlags whether the deprecated port flags count when there is no file
     * @throws ConfigException starting {@code failed complete: }
     */
    ProxyConfig complete(Optional<Path> file, boolean withPortFlags) {
        return complete(file, withPortFlags, () -> {});
    }

    /** As above, and somebody is told when no mode is given. */
    ProxyConfig complete(Optional<Path> file, boolean withPortFlags, Runnable modeChosen) {
        try {
            var base = file.map(ConfigReader::read).orElseGet(() -> fromFlags(withPortFlags));
            if (base.mode().isEmpty()) {
                modeChosen.run();
            }
            return base.withPlatformDefaults()
                    .withHostnameOverride(NodeName.override(node.hostnameOverride, base.hostnameOverride()))
                    .withLogging(logging.over(base.logging()));
        } catch (ConfigException e) {
            throw new ConfigException("failed complete: " + e.getMessage(), e);
        }
    }

    private ProxyConfig fromFlags(boolean withPortFlags) {
        boolean ipvs = rules.mode.equals("ipvs");
        return new ProxyConfig(
                rules.gates(),
                cluster.clientConnection(),
                LoggingConfig.DEFAULT,
                "",
                node.bindAddress.isEmpty() ? "0.0.0.0" : node.bindAddress,
                servers.healthzBindAddress(withPortFlags),
                servers.metricsBindAddress(withPortFlags),
                servers.hardFail,
                servers.profiling,
                servers.showHiddenMetrics,
                rules.mode,
                ipvs ? compatibility.syncPeriod : timing.syncPeriod,
                ipvs ? compatibility.minSyncPeriod : timing.minSyncPeriod,
                timing.configSyncPeriod,
                rules.masqueradeAll,
                new IptablesConfig(rules.masqueradeBit, rules.localhostNodePorts),
                NftablesConfig.DEFAULT,
                compatibility.ipvs(),
                WindowsConfig.DEFAULT,
                rules.detectLocal(),
                rules.nodePortAddresses(),
                kernel.oomScoreAdj,
                kernel.conntrack());
    }
}
