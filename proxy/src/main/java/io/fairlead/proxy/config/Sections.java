package io.fairlead.proxy.config;

import static io.fairlead.proxy.config.ConfigReader.orElse;

import java.util.List;

/** Reads the sections that mean the same in every mode. */
final class Sections {

    private Sections() {}

    static ClientConnectionConfig clientConnection(Section document) {
        var section = document.section("clientConnection", "ClientConnectionConfiguration");
        float qps = section.decimal("qps");
        int burst = section.integer("burst");
        return new ClientConnectionConfig(
                section.text("kubeconfig"),
                section.text("acceptContentTypes"),
                orElse(section.text("contentType"), ClientConnectionConfig.DEFAULT.contentType()),
                qps == 0 ? ClientConnectionConfig.DEFAULT.qps() : qps,
                burst == 0 ? ClientConnectionConfig.DEFAULT.burst() : burst);
    }

    /** Upstream loses {@code splitStream: true} of a file by registering the flags again; so it is off here, too. */
    static LoggingConfig logging(Section document) {
        var section = document.section("logging", "LoggingConfiguration");
        var flush = section.flushFrequency("flushFrequency");
        var options = section.section("options", "FormatOptions");
        return new LoggingConfig(
                orElse(section.text("format"), "text"),
                flush.value().isZero() ? FlushFrequency.DEFAULT : flush,
                section.unsigned("verbosity"),
                section.sections("vmodule", "VModuleItem").stream()
                        .map(item ->
                                new LoggingConfig.VmoduleItem(item.text("filePattern"), item.unsigned("verbosity")))
                        .toList(),
                formatOptions(options.section("text", "TextOptions")),
                formatOptions(options.section("json", "JSONOptions")));
    }

    private static LoggingConfig.FormatOptions formatOptions(Section section) {
        section.flag("splitStream");
        return new LoggingConfig.FormatOptions(false, section.quantity("infoBufferSize"));
    }

    static WindowsConfig windows(Section document) {
        var section = document.section("winkernel", "KubeProxyWinkernelConfiguration");
        return new WindowsConfig(
                document.flag("windowsRunAsService"),
                section.text("networkName"),
                section.text("sourceVip"),
                section.flag("enableDSR"),
                section.text("rootHnsEndpointName"),
                section.flag("forwardHealthCheckVip"));
    }

    static DetectLocalConfig detectLocal(Section document) {
        var section = document.section("detectLocal", "DetectLocalConfiguration");
        String clusterCidr = document.text("clusterCIDR");
        return new DetectLocalConfig(
                document.text("detectLocalMode"),
                section.text("bridgeInterface"),
                section.text("interfaceNamePrefix"),
                clusterCidr.isEmpty() ? List.of() : List.of(clusterCidr.split(",", -1)));
    }

    static ConntrackConfig conntrack(Section document) {
        var section = document.section("conntrack", "KubeProxyConntrackConfiguration");
        var defaults = ConntrackConfig.DEFAULT;
        return new ConntrackConfig(
                section.optionalInt("maxPerCore").orElse(defaults.maxPerCore()),
                section.optionalInt("min").orElse(defaults.min()),
                section.optionalDuration("tcpEstablishedTimeout").orElse(defaults.tcpEstablishedTimeout()),
                section.optionalDuration("tcpCloseWaitTimeout").orElse(defaults.tcpCloseWaitTimeout()),
                section.flag("tcpBeLiberal"),
                section.duration("udpTimeout"),
                section.duration("udpStreamTimeout"));
    }
}
