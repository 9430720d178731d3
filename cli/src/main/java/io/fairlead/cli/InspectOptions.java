package io.fairlead.cli;

import io.fairlead.proxy.config.ConfigValidator;
import io.fairlead.proxy.config.LoggingValidator;
import io.fairlead.proxy.config.NodeName;
import io.fairlead.proxy.config.ProxyConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where plan, audit and explain get their knowledge: a running daemon, manifests, or the cluster. */
final class InspectOptions {

    @Option(
            names = "--daemon",
            paramLabel = "URL",
            description =
                    "Ask the daemon whose inspection server is there (default: http://127.0.0.1:10247, unless --manifests, --kubeconfig, --master or --config is given).")
    @Nullable String daemon;

    @Option(
            names = {"-f", "--manifests"},
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files or directories with Services, EndpointSlices and Nodes in place of a cluster.")
    List<Path> manifests = new ArrayList<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A KubeProxyConfiguration file; it replaces the flags on rules and on the API server.")
    @Nullable Path config;

    @ArgGroup(validate = false, order = 1, heading = "%nRules:%n")
    RuleFlags rules = new RuleFlags();

    @ArgGroup(validate = false, order = 2, heading = "%nNode:%n")
    NodeFlags node = new NodeFlags();

    @ArgGroup(validate = false, order = 3, heading = "%nConnection to the API server:%n")
    ClusterFlags cluster = new ClusterFlags();

    @ArgGroup(validate = false, order = 4, heading = "%nLogging:%n")
    LoggingFlags logging = new LoggingFlags();

    /** The daemon to ask; empty when this process is to look for itself. */
    Optional<DaemonClient> daemon() {
        if (daemon != null) {
            return Optional.of(new DaemonClient(daemon));
        }
        boolean ownSource =
                !manifests.isEmpty() || config != null || !cluster.kubeconfig.isEmpty() || !cluster.master.isEmpty();
        return ownSource ? Optional.empty() : Optional.of(new DaemonClient(DaemonClient.DEFAULT));
    }

    /** As the daemon would be started with these flags. */
    ProxyInvocation invocation() {
        var options = new ProxyOptions();
        options.rules = rules;
        options.node = node;
        options.cluster = cluster;
        options.logging = logging;
        var effective = options.complete(Optional.ofNullable(config), true);
        LoggingValidator.check(effective.logging(), effective.featureGates());
        LogSetup.verbosity(effective.logging().verbosity());
        ConfigValidator.check(effective);
        return invocation(effective);
    }

    private ProxyInvocation invocation(ProxyConfig effective) {
        effective.proxyMode(); // ipvs is refused here
        return new ProxyInvocation(
                effective,
                NodeName.of(effective),
                manifests,
                true,
                false,
                VersionCommand.KUBERNETES_VERSION,
                Optional.of(cluster.master).filter(url -> !url.isEmpty()),
                Optional.empty(),
                0);
    }
}
