package io.fairlead.cli;

import io.fairlead.proxy.dataplane.DataplaneException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead audit}: is the kernel what was written? */
@Command(
        name = "audit",
        header = "Check whether the kernel holds what it should, and show what is open to the outside.",
        description = {
            "",
            "Names rules and jumps that are missing, altered, foreign, there twice or out of order, and rules of other service"
                    + " proxies. Exit status: 0 all is well, 2 there are findings, 1 failed.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  fairlead audit",
            "  fairlead audit --repair --kubeconfig /etc/kubernetes/proxy.conf"
        },
        customSynopsis = "fairlead audit [FLAG...]",
        sortOptions = false,
        exitCodeOnInvalidInput = 1)
final class AuditCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = "--repair",
            description =
                    "Mend what was found with a full sync, and look again; needs --manifests, --kubeconfig, --master or --config, because the daemon's inspection server only reads.")
    private boolean repair;

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
            if (repair) {
                throw new StartException(
                        "--repair needs to know what is right: give --manifests, --kubeconfig, --master or"
                                + " --config; the inspection server of a daemon only reads");
            }
            return output.print(daemon.get().get("/v1/audit", Map.of(), output.format), spec);
        }
        var kernel = OfflineNode.read(source.invocation()).kernel();
        var report = kernel.audit();
        if (!repair || report.isClean()) {
            return output.print(report, spec);
        }
        return repair(kernel, report.findings());
    }

    private int repair(OfflineNode.Kernel kernel, int before) throws DataplaneException, StartException {
        kernel.repair();
        var after = kernel.audit();
        int mended = before - after.findings();
        spec.commandLine().getErr().println("mended " + mended + (mended == 1 ? " finding" : " findings"));
        return output.print(after, spec);
    }
}
