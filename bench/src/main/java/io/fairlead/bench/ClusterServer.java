package io.fairlead.bench;

import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The API server's process; {@link Cluster} is its other end. Prints {@code ready}, then obeys one line of input after the
 * other and answers each with {@code done}; ends with its input.
 */
@Command(name = "cluster-server", hidden = true)
final class ClusterServer implements Callable<Integer> {

    @Option(names = "--services", required = true)
    int services;

    @Option(names = "--endpoints", required = true)
    int endpoints;

    @Option(names = "--kubeconfig", required = true)
    Path kubeconfig = Path.of("");

    @Override
    public Integer call() throws IOException {
        var workload = new Workload(services, endpoints);
        try (var server = ApiServer.builder().tls().tokens("bench").start();
                var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            server.store().load(workload.objects());
            Files.writeString(kubeconfig, server.kubeconfig());
            System.out.println("ready");
            for (var line = input.readLine(); line != null; line = input.readLine()) {
                obey(workload, server.store(), line.split(" ", -1));
                System.out.println("done");
            }
        }
        return 0;
    }

    private static void obey(Workload workload, ObjectStore store, String[] words) {
        int index = Integer.parseInt(words[1]);
        var namespace = Workload.namespace(index);
        switch (words[0]) {
            case "put-slice" -> store.put(workload.slice(index, Integer.parseInt(words[2])));
            case "put-service" -> store.put(Workload.service(index));
            case "delete-slice" ->
                store.delete(ResourceTypes.ENDPOINT_SLICES, new NamespacedName(namespace, Workload.sliceName(index)));
            case "delete-service" ->
                store.delete(ResourceTypes.SERVICES, new NamespacedName(namespace, Workload.serviceName(index)));
            default -> throw new IllegalArgumentException("unknown command \"" + words[0] + "\"");
        }
    }
}
