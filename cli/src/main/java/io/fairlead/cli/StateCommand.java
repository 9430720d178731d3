package io.fairlead.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead state}: what the daemon believes. */
@Command(
        name = "state",
        header = "Show what the running daemon believes: Services, endpoints, syncs and its recent history.",
        description = {"", "Exit status: 0 answered, 1 failed.", ""},
        footer = {
            "",
            "Examples:",
            "  fairlead state",
            "  fairlead state --service kube-system/kube-dns",
            "  fairlead state --services --at 2026-01-31T12:00:00Z",
            "  fairlead state --history 50"
        },
        customSynopsis = "fairlead state [FLAG...]",
        sortOptions = false,
        exitCodeOnInvalidInput = 1)
final class StateCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = "--daemon",
            paramLabel = "URL",
            description = "Its inspection server (default: http://127.0.0.1:10247).")
    private String daemon = DaemonClient.DEFAULT;

    @Option(names = "--services", description = "List Services and their endpoints, at most 500.")
    private boolean services;

    @Option(names = "--service", paramLabel = "NAMESPACE/NAME", description = "Show one Service and its endpoints.")
    private @Nullable String service;

    @Option(names = "--after", paramLabel = "NAMESPACE/NAME", description = "With --services: begin behind this one.")
    private @Nullable String after;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "What the kernel held at that time, as in 2026-01-31T23:59:59Z, as far back as it is kept; lists"
                            + " Services.")
    private @Nullable String at;

    @Option(
            names = "--history",
            arity = "0..1",
            fallbackValue = "1000",
            paramLabel = "N",
            description = "The last writes to the kernel, newest first; 1000 are kept.")
    private @Nullable Integer history;

    @Option(
            names = "--counters",
            description =
                    "Connections that each endpoint got, with packets and bytes where they are counted (fairlead proxy --service-counters), the busiest first.")
    private boolean counters;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var client = new DaemonClient(daemon);
        if (history != null) {
            return output.print(client.get("/v1/history", Map.of("limit", history.toString()), output.format), spec);
        }
        if (counters) {
            return output.print(client.get("/v1/counters", Map.of("limit", "100"), output.format), spec);
        }
        if (services || service != null || at != null) {
            return output.print(client.get("/v1/services", parameters(), output.format), spec);
        }
        return output.print(client.get("/v1/state", Map.of(), output.format), spec);
    }

    private Map<String, String> parameters() {
        var parameters = new HashMap<String, String>();
        if (service != null) {
            parameters.put("name", service);
        }
        if (after != null) {
            parameters.put("after", after);
        }
        if (at != null) {
            parameters.put("at", at);
        }
        return parameters;
    }
}
