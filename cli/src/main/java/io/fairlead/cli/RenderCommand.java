package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.config.ConfigValidator;
import io.fairlead.proxy.config.LoggingValidator;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.source.ManifestException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fairlead render}: rules on paper. */
@Command(
        name = "render",
        header = "Print the rules for some objects without touching anything; needs neither root nor iptables.",
        description = {
            "",
            "Reads Services, EndpointSlices, Nodes and ServiceCIDRs from files and prints what the proxy would write for them on one"
                    + " node, assuming an empty kernel of today. All of kube-proxy's flags that have to do with rules work"
                    + " here, too.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  fairlead render -f service.yaml -f slices.yaml --node worker-1 --family ipv4",
            "  kubectl get svc,endpointslices,nodes -A -o json | fairlead render -f - --format save",
            "  fairlead render -f examples/three-nodes.yaml --proxy-mode nftables | nft -c -f -"
        },
        customSynopsis = "fairlead render -f PATH... [FLAG...]",
        sortOptions = false)
final class RenderCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = {"-f", "--filename"},
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "Files or directories with objects (YAML or JSON), - for standard input. May be repeated.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A KubeProxyConfiguration file (v1alpha1, YAML or JSON).")
    private @Nullable Path config;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "The Node to render for: decides which endpoints are local and near (default: none is).")
    private @Nullable String node;

    @Option(
            names = "--family",
            paramLabel = "ipv4|ipv6",
            description = "The IP family to print (default: the Node's primary one, else ipv4).")
    private @Nullable IpFamily family;

    @Option(
            names = "--format",
            paramLabel = "restore|save|nft",
            description =
                    "As input for iptables-restore (the default), as iptables-save would print it afterwards, or as"
                            + " input for nft (always in nftables mode, and only there).")
    private RenderInvocation.@Nullable Format format;

    @Option(names = "--no-nfacct", description = "Assume a kernel without nfacct counters.")
    private boolean noNfacct;

    @Option(names = "--no-random-fully", description = "Assume an iptables or kernel without --random-fully.")
    private boolean noRandomFully;

    @Option(names = "--mode", paramLabel = "MODE", description = "The same as --proxy-mode.")
    private @Nullable String mode;

    @ArgGroup(validate = false, order = 1, heading = "%nRules:%n")
    private RuleFlags rules = new RuleFlags();

    @ArgGroup(validate = false, order = 2, heading = "%nNode:%n")
    private NodeFlags nodeFlags = new NodeFlags();

    @ArgGroup(validate = false, order = 3, heading = "%nLogging:%n")
    private LoggingFlags logging = new LoggingFlags();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ManifestException {
        var options = new ProxyOptions();
        if (mode != null) {
            rules.mode = mode;
        }
        options.rules = rules;
        options.node = nodeFlags;
        options.logging = logging;
        var effective = options.complete(Optional.ofNullable(config), true);
        LoggingValidator.check(effective.logging(), effective.featureGates());
        LogSetup.verbosity(effective.logging().verbosity());
        ConfigValidator.check(effective);
        var print = format(effective.proxyMode()); // ipvs is refused here
        return Renderer.run(
                new RenderInvocation(
                        files,
                        effective,
                        nodeName(effective.hostnameOverride()),
                        Optional.ofNullable(family),
                        print,
                        !noNfacct,
                        !noRandomFully),
                spec.commandLine().getOut());
    }

    private RenderInvocation.Format format(ProxyMode mode) {
        boolean nftables = mode == ProxyMode.NFTABLES;
        if (format == null) {
            return nftables ? RenderInvocation.Format.NFT : RenderInvocation.Format.RESTORE;
        }
        if (nftables != (format == RenderInvocation.Format.NFT)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--format " + format.name().toLowerCase(Locale.ROOT) + " does not go with mode " + mode + "; use "
                            + (nftables ? "--format nft" : "--proxy-mode nftables, or another --format"));
        }
        return format;
    }

    private Optional<String> nodeName(String override) {
        return Optional.of(node == null ? override : node)
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty());
    }
}
