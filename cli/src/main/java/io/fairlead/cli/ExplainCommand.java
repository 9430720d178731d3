package io.fairlead.cli;

import io.fairlead.proxy.inspect.Destination;
import io.fairlead.proxy.inspect.Explainer;
import io.fairlead.proxy.inspect.Sender;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead explain}: why a connection goes where it goes. */
@Command(
        name = "explain",
        header = "Say where a connection goes and why: in words, then by the rules.",
        description = {
            "",
            "Needs neither root nor a kernel. Exit status: 0 an endpoint gets the connection, 2 none does, 1 failed.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  fairlead explain --from pod --to kube-system/kube-dns:dns",
            "  fairlead explain --from outside --to 192.168.0.2:30080 --manifests manifests/ --hostname-override node-1"
        },
        customSynopsis = "fairlead explain --from ADDRESS|pod|node|outside --to SERVICE|IP:PORT[/PROTOCOL] [FLAG...]",
        sortOptions = false,
        exitCodeOnInvalidInput = 1)
final class ExplainCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = "--from",
            paramLabel = "ADDRESS|pod|node|outside",
            description =
                    "Who connects: an IP address, or some pod of this node, this node itself, or a machine outside (the"
                            + " default: pod).")
    private String from = "pod";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "SERVICE|IP:PORT[/PROTOCOL]",
            description =
                    "To where: NAMESPACE/NAME[:PORT] of a Service for its cluster IP, or an address and port; tcp unless"
                            + " /udp or /sctp follows.")
    private String to = "";

    @Option(names = "--brief", description = "The words only, without the rules.")
    private boolean brief;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private InspectOptions source = new InspectOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var daemon = source.daemon();
        if (daemon.isPresent()) {
            var question = Map.of("from", from, "to", to, "brief", Boolean.toString(brief));
            return output.print(daemon.get().get("/v1/explain", question, output.format), spec);
        }
        try {
            var sender = Sender.parse(from);
            var destination = Destination.parse(to);
            var explainers = OfflineNode.read(source.invocation()).explainers(!brief);
            return output.print(Explainer.explain(explainers, sender, destination), spec);
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }
}
