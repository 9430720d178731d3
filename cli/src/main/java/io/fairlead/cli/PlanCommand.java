package io.fairlead.cli;

import io.fairlead.proxy.config.ProxyMode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead plan}: what a sync would change. */
@Command(
        name = "plan",
        header = "Show what a sync would change in this kernel now, by Service.",
        description = {
            "",
            "For what the running daemon wants, or for manifests or a cluster. Changes nothing. Exit status: 0 nothing to do,"
                    + " 2 there are changes, 1 failed.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  fairlead plan",
            "  fairlead plan --manifests manifests/ --config kube-proxy.yaml",
            "  fairlead plan --mode nftables --kubeconfig /etc/kubernetes/proxy.conf"
        },
        customSynopsis = "fairlead plan [FLAG...]",
        sortOptions = false,
        exitCodeOnInvalidInput = 1)
final class PlanCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = "--mode",
            paramLabel = "iptables|nftables",
            description =
                    "nftables: say instead what would behave differently if this node changed from iptables to nftables mode; needs no kernel.")
    private @Nullable ProxyMode mode;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private InspectOptions source = new InspectOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var daemon = source.daemon();
        boolean otherMode = mode == ProxyMode.NFTABLES;
        if (daemon.isPresent()) {
            var parameters = otherMode ? Map.of("mode", "nftables") : Map.<String, String>of();
            return output.print(daemon.get().get("/v1/plan", parameters, output.format), spec);
        }
        var node = OfflineNode.read(source.invocation());
        return output.print(otherMode ? node.inNftablesMode() : node.kernel().plan(Integer.MAX_VALUE), spec);
    }
}
