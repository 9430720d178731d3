package io.fairlead.cli.lab;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.lab.net.Probe;
import io.fairlead.lab.net.ProbeResult;
import io.fairlead.lab.net.Topology;
import io.fairlead.netfilter.ip.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients that ask without end, each with a new connection: on every node through the Service's cluster addresses, and from
 * outside through a node port of every node.
 */
final class SteadyLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Queue<ProbeResult> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> servers = ConcurrentHashMap.newKeySet();
    private final List<Thread> clients = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private volatile boolean ends;

    private record Target(NetworkNamespace from, IpAddress address, int port) {

        ProbeResult ask() {
            return Probe.from(from).waiting(PATIENCE).tcp(address, port);
        }
    }

    SteadyLoad(Topology topology, List<IpAddress> clusterIps, int nodePort) {
        for (var node : topology.nodes()) {
            clusterIps.forEach(address -> targets.add(new Target(node.namespace(), address, 80)));
            node.addresses()
                    .both()
                    .forEach(
                            address -> targets.add(new Target(topology.outside().namespace(), address, nodePort)));
        }
    }

    /** Waits until every way works; from then on a failure is one. */
    void awaitAnswers() throws InterruptedException {
        for (var target : targets) {
            LabWorld.await(target + " answers", () -> target.ask() instanceof ProbeResult.Answer);
        }
        targets.forEach(target -> clients.add(Thread.ofVirtual().start(() -> run(target))));
    }

    private void run(Target target) {
        while (!ends) {
            var result = target.ask();
            if (result instanceof ProbeResult.Answer answer) {
                servers.add(answer.server());
            } else {
                failures.add(result);
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    List<ProbeResult> failures() {
        return List.copyOf(failures);
    }

    Set<String> servers() {
        return Set.copyOf(servers);
    }

    @Override
    public void close() {
        ends = true;
        for (var client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
