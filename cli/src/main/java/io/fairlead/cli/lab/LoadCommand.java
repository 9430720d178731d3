package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LoadObjects;
import io.fairlead.proxy.source.api.ApiAccess;
import io.fairlead.proxy.source.api.ApiClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fairlead lab load}. */
@Command(
        name = "load",
        header = "Fill a lab with Services, for trials of scale.",
        description = {
            "",
            "Creates namespace \"load\" with Services load-0, load-1 … and an EndpointSlice for each, whose endpoints are"
                    + " addresses of the pod network that nobody has. \"kubectl delete namespace load\" removes them.",
            ""
        },
        sortOptions = false)
final class LoadCommand implements Callable<Integer> {

    private static final int PARALLEL = 8;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(names = "--services", required = true, paramLabel = "N", description = "How many Services, 1–60000.")
    int services;

    @Option(
            names = "--endpoints",
            paramLabel = "M",
            defaultValue = "1",
            description = "How many endpoints each, 0–1000 (default: ${DEFAULT-VALUE}).")
    int endpoints = 1;

    @Mixin
    private LabName lab = new LabName();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        require(services >= 1 && services <= 60_000, "--services " + services + " is not in 1–60000");
        require(endpoints >= 0 && endpoints <= 1000, "--endpoints " + endpoints + " is not in 0–1000");
        var directory = lab.running();
        var access = ApiAccess.of(Optional.of(directory.kubeconfig()), Optional.empty(), Map.of());
        long begin = System.nanoTime();
        try (var client = new ApiClient(access, "fairlead-lab")) {
            client.post("/api/v1/namespaces", LoadObjects.namespace());
            create(client);
        }
        var out = spec.commandLine().getOut();
        out.printf(
                "Created %d Services with %d endpoints each in %.1f s.%n",
                services, endpoints, (System.nanoTime() - begin) / 1e9);
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private void create(ApiClient client) throws IOException, InterruptedException {
        var results = new ArrayList<Future<?>>();
        var turns = new Semaphore(PARALLEL);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < services; i++) {
                int number = i;
                turns.acquire();
                results.add(threads.submit(() -> {
                    try {
                        client.post(LoadObjects.SERVICES, LoadObjects.service(number));
                        client.post(LoadObjects.SLICES, LoadObjects.slice(number, endpoints));
                    } finally {
                        turns.release();
                    }
                    return number;
                }));
            }
        }
        for (var result : results) {
            try {
                result.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            }
        }
    }
}
