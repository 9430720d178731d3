package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Protocol;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client in a namespace that asks {@link Echo} servers who they are.
 *
 * @param timeout how long silence lasts until it counts as {@link ProbeResult.TimedOut}; at least 1 ms
 * @param sourceAddress of the namespace; chosen by the kernel if empty
 * @param sourcePort 1–65535; chosen at random if empty
 */
public record Probe(
        NetworkNamespace from, Duration timeout, Optional<IpAddress> sourceAddress, OptionalInt sourcePort) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    private static final int CONCURRENT = 16;
    private static final int MAX_TIMED_OUT = 20;

    public Probe {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("a probe's timeout must be at least 1 ms, not " + timeout);
        }
    }

    /** Two seconds of patience. */
    public static Probe from(NetworkNamespace namespace) {
        return new Probe(namespace, DEFAULT_TIMEOUT, Optional.empty(), OptionalInt.empty());
    }

    public static Probe from(LabPod pod) {
        return from(pod.namespace());
    }

    public static Probe from(LabNode node) {
        return from(node.namespace());
    }

    public static Probe from(OutsideClient client) {
        return from(client.namespace());
    }

    public Probe waiting(Duration newTimeout) {
        return new Probe(from, newTimeout, sourceAddress, sourcePort);
    }

    public Probe withSourcePort(int port) {
        return new Probe(from, timeout, sourceAddress, OptionalInt.of(port));
    }

    public Probe withSourceAddress(IpAddress address) {
        return new Probe(from, timeout, Optional.of(address), sourcePort);
    }

    /** One new connection, or one datagram, and its answer. */
    public ProbeResult send(Protocol protocol, IpAddress destination, int port) {
        return switch (protocol) {
            case TCP -> tcp(destination, port);
            case UDP -> udp(destination, port);
            case SCTP -> sctp(destination, port);
        };
    }

    public ProbeResult tcp(IpAddress destination, int port) {
        try (var session = openTcp(destination, port)) {
            return session.connect().orElseGet(session::ask);
        }
    }

    public ProbeResult udp(IpAddress destination, int port) {
        return UdpProbe.send(this, destination, port);
    }

    /** The first packet of an association only; the association is left to time out. */
    public ProbeResult sctp(IpAddress destination, int port) {
        return SctpProbe.send(this, destination, port);
    }

    /** For a connection that is to last; not connected yet. */
    public TcpSession openTcp(IpAddress destination, int port) {
        return TcpSession.open(this, destination, port);
    }

    /**
     * Many connections, each from a port of its own; TCP and UDP several at a time. Stops early when some twenty have timed
     * out: a broken path must not cost minutes.
     */
    public Tally many(Protocol protocol, IpAddress destination, int port, int count) {
        if (sourcePort.isPresent()) {
            throw new IllegalArgumentException("many connections cannot share source port " + sourcePort.getAsInt());
        }
        var results = new ConcurrentLinkedQueue<ProbeResult>();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var remaining = new AtomicInteger(count);
        var patience = new AtomicInteger(MAX_TIMED_OUT);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < CONCURRENT; i++) {
            workers.add(Thread.ofVirtual().start(() -> {
                try {
                    while (failures.isEmpty() && patience.get() > 0 && remaining.getAndDecrement() > 0) {
                        var result = send(protocol, destination, port);
                        results.add(result);
                        if (result instanceof ProbeResult.TimedOut) {
                            patience.decrementAndGet();
                        }
                    }
                } catch (RuntimeException | Error e) {
                    failures.add(e);
                }
            }));
        }
        workers.forEach(Probe::join);
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    protocol + " probes of " + destination.withPort(port) + " broke off", failures.peek());
        }
        return Tally.of(results);
    }

    private static void join(Thread worker) {
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while probing", e);
        }
    }

    /** What to bind the client's socket to, if anything was asked for. */
    Optional<InetSocketAddress> source(InetSocketAddress destination) {
        if (sourceAddress.isEmpty() && sourcePort.isEmpty()) {
            return Optional.empty();
        }
        boolean four = destination.getAddress() instanceof Inet4Address;
        var address = sourceAddress.orElseGet(() -> IpAddress.parse(four ? "0.0.0.0" : "::"));
        return Optional.of(Sockets.endpoint(address, sourcePort.orElse(0)));
    }

    int timeoutMillis() {
        return Math.toIntExact(timeout.toMillis());
    }
}
