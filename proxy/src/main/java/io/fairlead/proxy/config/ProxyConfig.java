package io.fairlead.proxy.config;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything a KubeProxyConfiguration (v1alpha1) says, after defaulting; the same value comes out of flags.
 *
 * <p>Texts are kept as written, so that the effective configuration can be written back and errors can quote it;
 * {@link ConfigValidator} says whether they are right, and the typed views here may be used once it has.
 *
 * @param mode {@code iptables}, {@code nftables}, {@code ipvs}, or empty for the platform's default
 * @param syncPeriod of the section that belongs to the mode, as are minSyncPeriod and masqueradeAll
 * @param bindAddress IP; overrides the detected primary node IP unless it is unspecified
 * @param healthzBindAddress IP:port, empty for no health server
 * @param nodePortAddresses CIDRs, or the one word {@code primary}, or empty for all addresses
 */
public record ProxyConfig(
        Map<String, Boolean> featureGates,
        ClientConnectionConfig clientConnection,
        LoggingConfig logging,
        String hostnameOverride,
        String bindAddress,
        String healthzBindAddress,
        String metricsBindAddress,
        boolean bindAddressHardFail,
        boolean enableProfiling,
        String showHiddenMetricsForVersion,
        String mode,
        Duration syncPeriod,
        Duration minSyncPeriod,
        Duration configSyncPeriod,
        boolean masqueradeAll,
        IptablesConfig iptables,
        NftablesConfig nftables,
        IpvsConfig ipvs,
        WindowsConfig windows,
        DetectLocalConfig detectLocal,
        List<String> nodePortAddresses,
        int oomScoreAdj,
        ConntrackConfig conntrack) {

    public static final Duration DEFAULT_SYNC_PERIOD = Duration.ofSeconds(30);
    public static final Duration DEFAULT_MIN_SYNC_PERIOD = Duration.ofSeconds(1);
    public static final Duration DEFAULT_CONFIG_SYNC_PERIOD = Duration.ofMinutes(15);
    public static final int DEFAULT_OOM_SCORE_ADJ = -999;
    public static final int DEFAULT_HEALTHZ_PORT = 10256;
    public static final int DEFAULT_METRICS_PORT = 10249;

    /** What an empty command line means, before {@link #withPlatformDefaults()}. */
    public static final ProxyConfig DEFAULT = new ProxyConfig(
            Map.of(),
            ClientConnectionConfig.DEFAULT,
            LoggingConfig.DEFAULT,
            "",
            "0.0.0.0",
            "0.0.0.0:" + DEFAULT_HEALTHZ_PORT,
            "127.0.0.1:" + DEFAULT_METRICS_PORT,
            false,
            false,
            "",
            "",
            DEFAULT_SYNC_PERIOD,
            DEFAULT_MIN_SYNC_PERIOD,
            DEFAULT_CONFIG_SYNC_PERIOD,
            false,
            IptablesConfig.DEFAULT,
            NftablesConfig.DEFAULT,
            IpvsConfig.DEFAULT,
            WindowsConfig.DEFAULT,
            DetectLocalConfig.DEFAULT,
            List.of(),
            DEFAULT_OOM_SCORE_ADJ,
            ConntrackConfig.DEFAULT);

    public ProxyConfig {
        featureGates = Collections.unmodifiableMap(new TreeMap<>(featureGates));
        nodePortAddresses = List.copyOf(nodePortAddresses);
    }

    /**
     * The mode to run.
     *
     * @throws ConfigException for ipvs, which validation accepts and Fairlead does not have
     */
    public ProxyMode proxyMode() {
        return switch (mode) {
            case "", "iptables" -> ProxyMode.IPTABLES;
            case "nftables" -> ProxyMode.NFTABLES;
            case "ipvs" ->
                throw new ConfigException("mode ipvs is not supported (kube-proxy itself has deprecated it); "
                        + "use --proxy-mode=nftables or --proxy-mode=iptables (in a configuration file: mode)");
            default -> throw new ConfigException("mode " + GoText.quote(mode) + " is not one of iptables, nftables");
        };
    }

    /** The masquerade mark of the mode: one bit of 32. */
    public int masqueradeMark() {
        return 1 << (mode.equals("nftables") ? nftables.masqueradeBit() : iptables.masqueradeBit());
    }

    /** Whether rules for {@code spec.externalIPs} are written. */
    public boolean externalIpsAllowed() {
        return featureGates.getOrDefault("AllowServiceExternalIPs", true);
    }

    /** What upstream fills in on Linux: the mode, local detection, and NodePorts on the primary addresses in nftables mode. */
    public ProxyConfig withPlatformDefaults() {
        String newMode = mode.isEmpty() ? ProxyMode.IPTABLES.toString() : mode;
        var addresses = newMode.equals("nftables") && nodePortAddresses.isEmpty()
                ? List.of(NodePortAddresses.PRIMARY)
                : nodePortAddresses;
        var local = detectLocal.mode().isEmpty() ? detectLocal.withMode(DetectLocalConfig.CLUSTER_CIDR) : detectLocal;
        return with(hostnameOverride, logging, newMode, local, addresses);
    }

    /** The same in another mode, with that mode's defaults where nothing is set. */
    public ProxyConfig inMode(ProxyMode other) {
        return with(hostnameOverride, logging, other.toString(), detectLocal, nodePortAddresses)
                .withPlatformDefaults();
    }

    public ProxyConfig withHostnameOverride(String name) {
        return with(name, logging, mode, detectLocal, nodePortAddresses);
    }

    public ProxyConfig withLogging(LoggingConfig newLogging) {
        return with(hostnameOverride, newLogging, mode, detectLocal, nodePortAddresses);
    }

    public ProxyConfig withDetectLocal(DetectLocalConfig other) {
        return with(hostnameOverride, logging, mode, other, nodePortAddresses);
    }

    private ProxyConfig with(
            String newHostname,
            LoggingConfig newLogging,
            String newMode,
            DetectLocalConfig newDetectLocal,
            List<String> newNodePortAddresses) {
        return new ProxyConfig(
                featureGates,
                clientConnection,
                newLogging,
                newHostname,
                bindAddress,
                healthzBindAddress,
                metricsBindAddress,
                bindAddressHardFail,
                enableProfiling,
                showHiddenMetricsForVersion,
                newMode,
                syncPeriod,
                minSyncPeriod,
                configSyncPeriod,
                masqueradeAll,
                iptables,
                nftables,
                ipvs,
                windows,
                newDetectLocal,
                newNodePortAddresses,
                oomScoreAdj,
                conntrack);
    }
}
