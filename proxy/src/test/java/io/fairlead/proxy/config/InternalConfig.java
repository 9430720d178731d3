package io.fairlead.proxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fairlead.proxy.vectors.VectorFiles;
import java.time.Duration;
import java.util.TreeMap;

/** Builds a configuration from a vector that spells it in upstream's internal field names; null stands for the default. */
final class InternalConfig {

    private InternalConfig() {}

    static ProxyConfig of(JsonNode node) {
        var gates = new TreeMap<String, Boolean>();
        node.path("FeatureGates")
                .properties()
                .forEach(gate -> gates.put(gate.getKey(), gate.getValue().asBoolean()));
        return new ProxyConfig(
                gates,
                client(node.path("ClientConnection")),
                logging(node.path("Logging")),
                node.path("HostnameOverride").asText(""),
                node.path("BindAddress").asText(""),
                node.path("HealthzBindAddress").asText(""),
                node.path("MetricsBindAddress").asText(""),
                node.path("BindAddressHardFail").asBoolean(),
                node.path("EnableProfiling").asBoolean(),
                node.path("ShowHiddenMetricsForVersion").asText(""),
                node.path("Mode").asText(""),
                duration(node.path("SyncPeriod")),
                duration(node.path("MinSyncPeriod")),
                duration(node.path("ConfigSyncPeriod")),
                node.at("/Linux/MasqueradeAll").asBoolean(),
                new IptablesConfig(
                        node.at("/IPTables/MasqueradeBit").asInt(14),
                        node.at("/IPTables/LocalhostNodePorts").asBoolean(true)),
                new NftablesConfig(node.at("/NFTables/MasqueradeBit").asInt(14)),
                ipvs(node.path("IPVS"), node.path("IPVS.ExcludeCIDRs")),
                windows(node),
                detectLocal(node.path("DetectLocalMode").asText(""), node.path("DetectLocal")),
                VectorFiles.texts(node.path("NodePortAddresses")),
                node.at("/Linux/OOMScoreAdj").asInt(-999),
                conntrack(node.at("/Linux/Conntrack")));
    }

    private static ClientConnectionConfig client(JsonNode node) {
        return new ClientConnectionConfig(
                node.path("Kubeconfig").asText(""),
                node.path("AcceptContentTypes").asText(""),
                node.path("ContentType").asText(""),
                (float) node.path("QPS").asDouble(),
                node.path("Burst").asInt());
    }

    private static LoggingConfig logging(JsonNode node) {
        var flush = node.path("flushFrequency");
        return new LoggingConfig(
                node.path("format").asText(""),
                flush.isNumber()
                        ? new FlushFrequency(Duration.ofNanos(flush.asLong()), true)
                        : new FlushFrequency(duration(flush), false),
                node.path("verbosity").asLong(),
                VectorFiles.stream(node.path("vmodule"))
                        .map(item -> new LoggingConfig.VmoduleItem(
                                item.path("filePattern").asText(),
                                item.path("verbosity").asLong()))
                        .toList(),
                LoggingConfig.FormatOptions.DEFAULT,
                LoggingConfig.FormatOptions.DEFAULT);
    }

    static IpvsConfig ipvs(JsonNode node, JsonNode excludeCidrs) {
        return new IpvsConfig(
                node.path("Scheduler").asText(""),
                VectorFiles.texts(excludeCidrs instanceof MissingNode ? node.path("ExcludeCIDRs") : excludeCidrs),
                node.path("StrictARP").asBoolean(),
                duration(node.path("TCPTimeout")),
                duration(node.path("TCPFinTimeout")),
                duration(node.path("UDPTimeout")));
    }

    private static WindowsConfig windows(JsonNode node) {
        var winkernel = node.path("Winkernel");
        String sourceVip = node.path("Winkernel.SourceVip")
                .asText(winkernel.path("SourceVip").asText(""));
        return new WindowsConfig(
                node.at("/Windows/RunAsService").asBoolean(),
                winkernel.path("NetworkName").asText(""),
                sourceVip,
                winkernel.path("EnableDSR").asBoolean(),
                winkernel.path("RootHnsEndpointName").asText(""),
                winkernel.path("ForwardHealthCheckVip").asBoolean());
    }

    static DetectLocalConfig detectLocal(String mode, JsonNode node) {
        return new DetectLocalConfig(
                mode,
                node.path("BridgeInterface").asText(""),
                node.path("InterfaceNamePrefix").asText(""),
                VectorFiles.texts(node.path("ClusterCIDRs")));
    }

    static ConntrackConfig conntrack(JsonNode node) {
        return new ConntrackConfig(
                node.path("MaxPerCore").asInt(),
                node.path("Min").asInt(),
                duration(node.path("TCPEstablishedTimeout")),
                duration(node.path("TCPCloseWaitTimeout")),
                node.path("TCPBeLiberal").asBoolean(),
                duration(node.path("UDPTimeout")),
                duration(node.path("UDPStreamTimeout")));
    }

    static Duration duration(JsonNode node) {
        return GoDuration.parse(node.asText("0").isEmpty() ? "0" : node.asText("0"));
    }
}
