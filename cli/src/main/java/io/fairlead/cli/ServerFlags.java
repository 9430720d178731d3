package io.fairlead.cli;

import io.fairlead.proxy.config.HostPort;
import io.fairlead.proxy.config.ProxyConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The HTTP servers of the process. */
final class ServerFlags {

    @Option(
            names = "--healthz-bind-address",
            converter = FlagValue.IpPort.class,
            paramLabel = "IP[:PORT]",
            description = "Address of the health server (default: 0.0.0.0:10256).")
    String healthz = DEFAULT_HEALTHZ;

    @Option(
            names = "--metrics-bind-address",
            converter = FlagValue.IpPort.class,
            paramLabel = "IP[:PORT]",
            description = "Address of the metrics server (default: 127.0.0.1:10249).")
    String metrics = DEFAULT_METRICS;

    @Option(
            names = "--inspect-bind-address",
            converter = InspectAddress.class,
            paramLabel = "IP[:PORT]|none",
            description =
                    "Address of the inspection server, which answers fairlead state, explain, plan and audit and only reads (default: 127.0.0.1:10247); none: no such server. Counts with --config, too.")
    String inspect = InspectAddress.DEFAULT;

    @Option(
            names = "--service-counters",
            converter = FlagValue.Uint32.class,
            paramLabel = "N",
            description =
                    "Count connections of Services from connection tracking, with packets and bytes where net.netfilter.nf_conntrack_acct is 1, and show them in /metrics and fairlead state --counters: of N endpoints one by one, of all others together (default: 0, nothing is counted); needs the inspection server. Counts with --config, too.")
    long serviceCounters;

    @Option(
            names = "--bind-address-hard-fail",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            description = "Exit when one of the two ports cannot be opened.")
    boolean hardFail;

    @Option(
            names = "--profiling",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            description = "Serve profiles on the metrics server.")
    boolean profiling;

    @Option(
            names = "--show-hidden-metrics-for-version",
            paramLabel = "VERSION",
            description = "Show metrics that were hidden in this version; only 1.35 is allowed.")
    String showHiddenMetrics = "";

    @Option(names = "--healthz-port", converter = FlagValue.Int32.class, hidden = true)
    @Nullable Integer healthzPort;

    @Option(names = "--metrics-port", converter = FlagValue.Int32.class, hidden = true)
    @Nullable Integer metricsPort;

    private static final String DEFAULT_HEALTHZ = "0.0.0.0:" + ProxyConfig.DEFAULT_HEALTHZ_PORT;
    private static final String DEFAULT_METRICS = "127.0.0.1:" + ProxyConfig.DEFAULT_METRICS_PORT;

    /** @param withPorts whether the deprecated port flags count; they do not when the configuration is written out */
    String healthzBindAddress(boolean withPorts) {
        String address = healthz.isEmpty() ? DEFAULT_HEALTHZ : healthz;
        return withPorts ? withPort(address, healthzPort, ProxyConfig.DEFAULT_HEALTHZ_PORT) : address;
    }

    String metricsBindAddress(boolean withPorts) {
        String address = metrics.isEmpty() ? DEFAULT_METRICS : metrics;
        return withPorts ? withPort(address, metricsPort, ProxyConfig.DEFAULT_METRICS_PORT) : address;
    }

    private static String withPort(String address, @Nullable Integer portFlag, int defaultPort) {
        int port = portFlag == null ? defaultPort : portFlag;
        return port == 0 ? "" : HostPort.appendPortIfNeeded(address, port);
    }

    /** One line for each deprecated flag that was used. */
    List<String> deprecations() {
        var notices = new ArrayList<String>();
        if (healthzPort != null) {
            notices.add(deprecated("--healthz-port", "--healthz-bind-address"));
        }
        if (metricsPort != null) {
            notices.add(deprecated("--metrics-port", "--metrics-bind-address"));
        }
        return notices;
    }

    private static String deprecated(String flag, String instead) {
        return "Flag " + flag + " has been deprecated, This flag is deprecated and will be removed in a future release."
                + " Please use " + instead + " instead.";
    }
}
