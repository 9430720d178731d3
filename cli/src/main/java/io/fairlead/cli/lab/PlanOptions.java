package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.ClusterPlan;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How a lab is to be. */
final class PlanOptions {

    /** The proxies' modes. */
    enum Mode {
        IPTABLES,
        NFTABLES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "iptables",
            description = "How the proxies write rules: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Mode mode = Mode.IPTABLES;

    ClusterPlan plan(int nodes, CommandSpec spec) {
        if (nodes < 1 || nodes > ClusterPlan.MAX_NODES) {
            throw new ParameterException(
                    spec.commandLine(), "--nodes " + nodes + ": a lab has 1 to " + ClusterPlan.MAX_NODES);
        }
        return ClusterPlan.of(mode.toString(), nodes);
    }
}
