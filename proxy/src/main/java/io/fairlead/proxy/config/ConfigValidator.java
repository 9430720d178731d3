package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;

/** Upstream's checks of a whole configuration, in upstream's order and words; every failure is collected. */
public final class ConfigValidator {

    private static final String ROOT = "KubeProxyConfiguration";
    private static final List<String> LOCAL_MODES = List.of(
            DetectLocalConfig.CLUSTER_CIDR,
            DetectLocalConfig.NODE_CIDR,
            DetectLocalConfig.BRIDGE_INTERFACE,
            DetectLocalConfig.INTERFACE_NAME_PREFIX,
            "");
    private static final String WANT_CIDR = "must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)";
    // The missing parenthesis is upstream's.
    private static final String WANT_PAIR = "must be a either a single CIDR or dual-stack pair of CIDRs "
            + "(e.g. [10.100.0.0/16, fde4:8dba:82e1::/48]";

    private ConfigValidator() {}

    /** @throws ConfigException with all errors in one line, starting {@code failed validate: } */
    public static void check(ProxyConfig config) {
        var errors = validate(config);
        if (!errors.isEmpty()) {
            throw new ConfigException("failed validate: " + FieldError.join(errors));
        }
    }

    /** All that is wrong; empty for a good configuration. */
    public static List<FieldError> validate(ProxyConfig config) {
        var errors = new FieldErrors();
        FeatureGates.check(config.featureGates())
                .ifPresent(problem -> errors.add(new FieldError(ROOT + ".featureGates", problem)));
        masqueradeBit(
                ROOT + ".KubeProxyIPTablesConfiguration", config.iptables().masqueradeBit(), errors);
        if (config.mode().equals("ipvs")) {
            ipvs(ROOT + ".KubeProxyIPVSConfiguration", config.ipvs(), errors);
        }
        if (config.mode().equals("nftables")) {
            masqueradeBit(
                    ROOT + ".KubeProxyNFTablesConfiguration", config.nftables().masqueradeBit(), errors);
        }
        linux(ROOT + ".KubeProxyLinuxConfiguration", config.conntrack(), config.oomScoreAdj(), errors);
        mode(ROOT + ".Mode", config.mode(), errors);
        errors.atLeastZero(
                ROOT + ".ClientConnection.Burst", config.clientConnection().burst());
        periods(config, errors);
        if (IpAddress.tryParse(config.bindAddress()).isEmpty()) {
            errors.invalid(
                    ROOT + ".BindAddress", config.bindAddress(), "not a valid textual representation of an IP address");
        }
        if (!config.healthzBindAddress().isEmpty()) {
            hostPort(ROOT + ".HealthzBindAddress", config.healthzBindAddress(), errors);
        }
        hostPort(ROOT + ".MetricsBindAddress", config.metricsBindAddress(), errors);
        nodePortAddresses(ROOT + ".NodePortAddresses", config.nodePortAddresses(), errors);
        hiddenMetrics(config.showHiddenMetricsForVersion(), errors);
        detectLocalMode(config.detectLocal(), errors);
        detectLocal(ROOT + ".DetectLocalConfiguration", config.detectLocal(), errors);
        LoggingValidator.check(ROOT + ".logging.", config.logging(), config.featureGates(), errors);
        return errors.all();
    }

    private static void periods(ProxyConfig config, FieldErrors errors) {
        errors.aboveZero(ROOT + ".ConfigSyncPeriod", config.configSyncPeriod());
        errors.aboveZero(ROOT + ".SyncPeriod", config.syncPeriod());
        errors.atLeastZero(ROOT + ".MinSyncPeriod", config.minSyncPeriod());
        if (config.minSyncPeriod().compareTo(config.syncPeriod()) > 0) {
            // The value shown is the other period, as upstream.
            errors.invalid(
                    ROOT + ".SyncPeriod",
                    GoDuration.format(config.minSyncPeriod()),
                    "must be greater than or equal to KubeProxyConfiguration.MinSyncPeriod");
        }
    }

    static void masqueradeBit(String path, int bit, FieldErrors errors) {
        errors.withinRange(path + ".MasqueradeBit", bit, 0, 31);
    }

    static void ipvs(String path, IpvsConfig config, FieldErrors errors) {
        errors.atLeastZero(path + ".TCPTimeout", config.tcpTimeout());
        errors.atLeastZero(path + ".TCPFinTimeout", config.tcpFinTimeout());
        errors.atLeastZero(path + ".UDPTimeout", config.udpTimeout());
        errors.cidrs(path + ".ExcludeCidrs", config.excludeCidrs());
    }

    static void linux(String path, ConntrackConfig conntrack, int oomScoreAdj, FieldErrors errors) {
        String field = path + ".KubeProxyConntrackConfiguration.";
        errors.atLeastZero(field + "MaxPerCore", conntrack.maxPerCore());
        errors.atLeastZero(field + "Min", conntrack.min());
        errors.atLeastZero(field + "TCPEstablishedTimeout", conntrack.tcpEstablishedTimeout());
        errors.atLeastZero(field + "TCPCloseWaitTimeout", conntrack.tcpCloseWaitTimeout());
        errors.atLeastZero(field + "UDPTimeout", conntrack.udpTimeout());
        errors.atLeastZero(field + "UDPStreamTimeout", conntrack.udpStreamTimeout());
        errors.withinRange(path + ".OOMScoreAdj", oomScoreAdj, -1000, 1000);
    }

    static void mode(String path, String mode, FieldErrors errors) {
        if (!List.of("", "iptables", "ipvs", "nftables").contains(mode)) {
            errors.invalid(
                    path + ".ProxyMode",
                    mode,
                    "must be iptables, ipvs, nftables or blank "
                            + "(blank means the best-available proxy [currently iptables])");
        }
    }

    static void hostPort(String field, String address, FieldErrors errors) {
        var split = HostPort.split(address);
        if (split.isEmpty()) {
            errors.invalid(field, address, "must be IP:port");
            return;
        }
        String host = split.get().host();
        String port = split.get().port();
        if (IpAddress.tryParse(host).isEmpty()) {
            errors.invalid(field, host, "must be a valid IP");
        }
        if (HostPort.parsePort(port).isEmpty()) {
            errors.invalid(field, port, "must be a valid port");
        }
    }

    static void nodePortAddresses(String field, List<String> addresses, FieldErrors errors) {
        for (int i = 0; i < addresses.size(); i++) {
            String address = addresses.get(i);
            if (address.equals(NodePortAddresses.PRIMARY)) {
                if (addresses.size() > 1) {
                    errors.invalid(field + "[" + i + "]", address, "can't use both 'primary' and CIDRs");
                    return;
                }
            } else if (IpPrefix.tryParse(address).isEmpty()) {
                errors.invalid(field + "[" + i + "]", address, "must be a valid CIDR");
            }
        }
    }

    private static void hiddenMetrics(String version, FieldErrors errors) {
        if (!version.isEmpty() && !version.equals("1.35")) {
            errors.invalid(
                    ROOT + ".ShowHiddenMetricsForVersion",
                    version,
                    "invalid showHiddenMetricsForVersion: showHiddenMetricsForVersion: Invalid value: "
                            + GoText.quote(version)
                            + ": must be omitted or have the value '1.35'; only the previous minor version is allowed");
        }
    }

    private static void detectLocalMode(DetectLocalConfig config, FieldErrors errors) {
        if (!LOCAL_MODES.contains(config.mode())) {
            String supported =
                    String.join(", ", LOCAL_MODES.stream().map(GoText::quote).toList());
            errors.add(new FieldError(
                    ROOT + ".DetectLocalMode",
                    "Unsupported value: " + GoText.quote(config.mode()) + ": supported values: " + supported));
        }
    }

    static void detectLocal(String path, DetectLocalConfig config, FieldErrors errors) {
        switch (config.mode()) {
            case DetectLocalConfig.BRIDGE_INTERFACE ->
                errors.notEmpty(path + ".InterfaceName", config.bridgeInterface());
            case DetectLocalConfig.INTERFACE_NAME_PREFIX ->
                errors.notEmpty(path + ".InterfacePrefix", config.interfaceNamePrefix());
            case DetectLocalConfig.CLUSTER_CIDR -> {
                if (!config.clusterCidrs().isEmpty()) {
                    dualStackCidrs(path + ".ClusterCIDRs", config.clusterCidrs(), errors);
                }
            }
            default -> {}
        }
    }

    static void dualStackCidrs(String field, List<String> cidrs, FieldErrors errors) {
        if (cidrs.isEmpty()) {
            errors.invalid(field, cidrs, "must contain at least one CIDR");
            return;
        }
        for (int i = 0; i < cidrs.size(); i++) {
            if (IpPrefix.tryParse(cidrs.get(i)).isEmpty()) {
                errors.invalid(field + "[" + i + "]", cidrs.get(i), WANT_CIDR);
            }
        }
        if (cidrs.size() > 2 || cidrs.size() == 2 && sameFamily(cidrs.getFirst(), cidrs.getLast())) {
            errors.invalid(field, cidrs, WANT_PAIR);
        }
    }

    private static boolean sameFamily(String first, String second) {
        var one = IpPrefix.tryParse(first);
        var two = IpPrefix.tryParse(second);
        return one.isPresent()
                && two.isPresent()
                && one.get().family() == two.get().family();
    }
}
