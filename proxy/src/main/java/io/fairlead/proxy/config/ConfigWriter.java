package io.fairlead.proxy.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a configuration as the KubeProxyConfiguration document kube-proxy would write: every field, keys sorted. What all
 * modes share goes into the section of the mode in use; the other sections show zeros.
 */
public final class ConfigWriter {

    private ConfigWriter() {}

    /** YAML, ending in a newline. */
    public static String write(ProxyConfig config) {
        return YamlText.write(document(config));
    }

    /** The document as maps, lists, texts, numbers and booleans. */
    public static SortedMap<String, Object> document(ProxyConfig config) {
        var document = new TreeMap<String, Object>();
        document.put("apiVersion", "kubeproxy.config.k8s.io/v1alpha1");
        document.put("kind", "KubeProxyConfiguration");
        document.put("bindAddress", config.bindAddress());
        document.put("bindAddressHardFail", config.bindAddressHardFail());
        document.put("clientConnection", clientConnection(config.clientConnection()));
        document.put("clusterCIDR", String.join(",", config.detectLocal().clusterCidrs()));
        document.put("configSyncPeriod", text(config.configSyncPeriod()));
        document.put("conntrack", conntrack(config.conntrack()));
        document.put(
                "detectLocal",
                section(
                        "bridgeInterface", config.detectLocal().bridgeInterface(),
                        "interfaceNamePrefix", config.detectLocal().interfaceNamePrefix()));
        document.put("detectLocalMode", config.detectLocal().mode());
        document.put("enableProfiling", config.enableProfiling());
        if (!config.featureGates().isEmpty()) {
            document.put("featureGates", new TreeMap<String, Object>(config.featureGates()));
        }
        document.put("healthzBindAddress", config.healthzBindAddress());
        document.put("hostnameOverride", config.hostnameOverride());
        modes(config, document);
        document.put("logging", logging(config.logging()));
        document.put("metricsBindAddress", config.metricsBindAddress());
        document.put("mode", config.mode());
        document.put("nodePortAddresses", config.nodePortAddresses());
        document.put("oomScoreAdj", config.oomScoreAdj());
        document.put("portRange", "");
        document.put("showHiddenMetricsForVersion", config.showHiddenMetricsForVersion());
        windows(config.windows(), document);
        return document;
    }

    private static SortedMap<String, Object> clientConnection(ClientConnectionConfig client) {
        return section(
                "acceptContentTypes", client.acceptContentTypes(),
                "burst", client.burst(),
                "contentType", client.contentType(),
                "kubeconfig", client.kubeconfig(),
                "qps", new BigDecimal(Float.toString(client.qps())).stripTrailingZeros());
    }

    private static SortedMap<String, Object> conntrack(ConntrackConfig conntrack) {
        return section(
                "maxPerCore", conntrack.maxPerCore(),
                "min", conntrack.min(),
                "tcpBeLiberal", conntrack.tcpBeLiberal(),
                "tcpCloseWaitTimeout", text(conntrack.tcpCloseWaitTimeout()),
                "tcpEstablishedTimeout", text(conntrack.tcpEstablishedTimeout()),
                "udpStreamTimeout", text(conntrack.udpStreamTimeout()),
                "udpTimeout", text(conntrack.udpTimeout()));
    }

    private static void modes(ProxyConfig config, Map<String, Object> document) {
        boolean ipvsMode = config.mode().equals("ipvs");
        boolean nftablesMode = config.mode().equals("nftables");
        var iptables = section(
                "localhostNodePorts", config.iptables().localhostNodePorts(),
                "masqueradeAll", !nftablesMode && config.masqueradeAll(),
                "masqueradeBit", config.iptables().masqueradeBit());
        var nftables = section(
                "masqueradeAll",
                nftablesMode && config.masqueradeAll(),
                "masqueradeBit",
                config.nftables().masqueradeBit());
        var ipvs = section(
                "excludeCIDRs", config.ipvs().excludeCidrs(),
                "scheduler", config.ipvs().scheduler(),
                "strictARP", config.ipvs().strictArp(),
                "tcpFinTimeout", text(config.ipvs().tcpFinTimeout()),
                "tcpTimeout", text(config.ipvs().tcpTimeout()),
                "udpTimeout", text(config.ipvs().udpTimeout()));
        document.put("iptables", withPeriods(iptables, !ipvsMode && !nftablesMode, config));
        document.put("nftables", withPeriods(nftables, nftablesMode, config));
        document.put("ipvs", withPeriods(ipvs, ipvsMode, config));
    }

    private static SortedMap<String, Object> withPeriods(
            SortedMap<String, Object> section, boolean inUse, ProxyConfig config) {
        section.put("minSyncPeriod", text(inUse ? config.minSyncPeriod() : Duration.ZERO));
        section.put("syncPeriod", text(inUse ? config.syncPeriod() : Duration.ZERO));
        return section;
    }

    private static SortedMap<String, Object> logging(LoggingConfig logging) {
        var flush = logging.flushFrequency();
        var section = section(
                "flushFrequency",
                flush.asNanoseconds() ? flush.value().toNanos() : text(flush.value()),
                "format",
                logging.format(),
                "options",
                section("json", options(logging.json()), "text", options(logging.text())),
                "verbosity",
                logging.verbosity());
        if (!logging.vmodule().isEmpty()) {
            section.put(
                    "vmodule",
                    logging.vmodule().stream()
                            .map(item -> section("filePattern", item.filePattern(), "verbosity", item.verbosity()))
                            .toList());
        }
        return section;
    }

    private static SortedMap<String, Object> options(LoggingConfig.FormatOptions options) {
        var section = section("infoBufferSize", options.infoBufferSize());
        if (options.splitStream()) {
            section.put("splitStream", true);
        }
        return section;
    }

    private static void windows(WindowsConfig windows, Map<String, Object> document) {
        document.put(
                "winkernel",
                section(
                        "enableDSR", windows.enableDsr(),
                        "forwardHealthCheckVip", windows.forwardHealthCheckVip(),
                        "networkName", windows.networkName(),
                        "rootHnsEndpointName", windows.rootHnsEndpointName(),
                        "sourceVip", windows.sourceVip()));
        if (windows.runAsService()) {
            document.put("windowsRunAsService", true);
        }
    }

    /** @param keysAndValues a key, its value, the next key, and so on */
    private static SortedMap<String, Object> section(Object... keysAndValues) {
        var section = new TreeMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            section.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return section;
    }

    private static String text(Duration duration) {
        return GoDuration.format(duration);
    }
}
