package io.fairlead.lab.net;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A network namespace of our own, with its loopback up.
 *
 * <ul>
 *   <li>Its name is {@code fl}, the process id, a random token and the role: {@code fl4711-k3x9-node1}.
 *   <li>{@link #call} runs Java code inside: sockets opened there belong to the namespace and may be used anywhere.
 *   <li>{@link #exec} and {@link #start} run programs inside.
 *   <li>Closing ends what runs inside and removes it; so does the end of the Java process (but for SIGKILL), unless a
 *       {@link Ledger} is kept. A namespace that somebody else has put under the same name is left alone.
 * </ul>
 */
public final class NetworkNamespace implements AutoCloseable {

    /** What {@link #call} runs. */
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T run() throws X;
    }

    private final NamespaceName name;
    private final Object identity;
    private final NamespaceThread thread;
    private final Deque<AutoCloseable> inhabitants = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Optional<Ledger> ledger;
    private final Optional<Thread> atExit;

    /** Takes over a namespace that {@code ip netns add} has just made. */
    private NetworkNamespace(NamespaceName name, Optional<Ledger> ledger) {
        this.name = name;
        this.ledger = ledger;
        this.identity = name.identity()
                .orElseThrow(() -> new IllegalStateException("network namespace " + name + " vanished right away"));
        this.thread = NamespaceThread.enter(name.text(), name.file());
        Sysctl.prepare(thread);
        this.atExit = ledger.isPresent()
                ? Optional.empty()
                : Optional.of(Thread.ofPlatform().unstarted(this::close));
        atExit.ifPresent(Runtime.getRuntime()::addShutdownHook);
    }

    /** @param role what it stands for, such as {@code node1}: letters, digits, dots and dashes, at most 63 */
    public static NetworkNamespace create(String role) {
        return create(List.of(role)).getFirst();
    }

    /** All or none, by a single process; they share the token of their names. */
    public static List<NetworkNamespace> create(List<String> roles) {
        return create(roles, Optional.empty());
    }

    /** As above, and somebody is told of each. */
    public static List<NetworkNamespace> create(List<String> roles, Optional<Ledger> ledger) {
        var names = NamespaceName.fresh(roles);
        ledger.ifPresent(
                told -> told.announce(names.stream().map(NamespaceName::text).toList()));
        var made = new ArrayList<NetworkNamespace>();
        try {
            var batch = new IpBatch();
            names.forEach(name -> batch.add("netns", "add", name.text()));
            batch.run();
            for (var name : names) {
                var namespace = new NetworkNamespace(name, ledger);
                made.add(namespace);
                ledger.ifPresent(told -> told.made(name.text(), (Long) namespace.identity));
            }
            made.parallelStream()
                    .forEach(namespace -> new IpBatch(namespace)
                            .add("link", "set", "lo", "up")
                            .run());
            return List.copyOf(made);
        } catch (RuntimeException | Error e) {
            closeAll(made, e);
            names.stream().filter(name -> name.identity().isPresent()).forEach(NamespaceName::delete);
            throw e;
        }
    }

    private static void closeAll(List<NetworkNamespace> namespaces, Throwable reason) {
        try {
            close(namespaces);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /** As in {@code ip netns list}. */
    public String name() {
        return name.text();
    }

    /** Its mount point, as in {@code nsenter --net=FILE}. */
    public Path file() {
        return name.file();
    }

    /**
     * Runs code on the namespace's thread and waits for it; calls are served one after the other, so long work belongs
     * elsewhere: open the socket here, use it outside. What the code throws is thrown here. {@code /proc/net} shows the
     * machine's own namespace even here; {@code /proc/thread-self/net} shows this one.
     */
    public <T, X extends Exception> T call(Work<T, X> work) throws X {
        return thread.call(work);
    }

    /** Words to put before a command that shall run inside. */
    public List<String> execPrefix() {
        return List.of("ip", "netns", "exec", name());
    }

    /**
     * @return what it printed
     * @throws CommandFailedException unless it ended with 0
     */
    public String exec(String... command) {
        return execWithInput("", command);
    }

    /** Like {@link #exec}, with a standard input. */
    public String execWithInput(String stdin, String... command) {
        return Command.run(prefixed(command), stdin);
    }

    /**
     * Starts a program that is killed when the namespace is closed, if it still runs then.
     *
     * @param builder its command is prefixed here; the caller chooses directory, environment and redirections
     */
    public Process start(ProcessBuilder builder) throws IOException {
        builder.command(prefixed(builder.command().toArray(String[]::new)));
        var process = builder.start();
        closeWith(() -> process.destroyForcibly().waitFor());
        return process;
    }

    private List<String> prefixed(String... command) {
        return Stream.concat(execPrefix().stream(), Arrays.stream(command)).toList();
    }

    /** Writes {@code /proc/sys}; keys as sysctl(8) writes them. */
    public void sysctl(Map<String, String> settings) {
        Sysctl.write(this, settings);
    }

    /** Closes the resource before the namespace goes; the last one added is closed first. */
    public void closeWith(AutoCloseable inhabitant) {
        inhabitants.push(inhabitant);
    }

    boolean isOpen() {
        return !closed.get();
    }

    /** Forgets a resource that was closed early. */
    void forget(AutoCloseable inhabitant) {
        inhabitants.remove(inhabitant);
    }

    /**
     * Removes it with all interfaces, rules and routes; does nothing the second time.
     *
     * @throws IllegalStateException when something inside did not close, or the name stands for another namespace now
     */
    @Override
    public void close() {
        close(List.of(this));
    }

    /** Closes many by a single process. Each is tried, whatever becomes of the others. */
    public static void close(List<NetworkNamespace> namespaces) {
        var problems = new ArrayList<Exception>();
        var batch = new IpBatch();
        var closing = new ArrayList<NetworkNamespace>();
        for (var namespace : namespaces) {
            if (namespace.closed.compareAndSet(false, true)) {
                closing.add(namespace);
                namespace.evict(problems);
                namespace.addRemoval(batch, problems);
            }
        }
        try {
            batch.runAll();
        } catch (CommandFailedException e) {
            problems.add(e);
        }
        closing.forEach(NetworkNamespace::strike);
        if (!problems.isEmpty()) {
            var failure = new IllegalStateException(
                    "closing network namespaces: " + problems.getFirst().getMessage());
            problems.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    /** Tells the ledger, unless something of this name is still there. */
    private void strike() {
        if (name.identity().isEmpty()) {
            ledger.ifPresent(told -> told.removed(List.of(name())));
        }
    }

    private void evict(List<Exception> problems) {
        for (var inhabitant : inhabitants) {
            try {
                inhabitant.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                problems.add(e);
            } catch (Exception e) {
                problems.add(e);
            }
        }
        try {
            atExit.ifPresent(Runtime.getRuntime()::removeShutdownHook);
        } catch (IllegalStateException e) {
            // The process is ending and this is the hook's work.
        }
    }

    private void addRemoval(IpBatch batch, List<Exception> problems) {
        var present = name.identity();
        if (present.isPresent()) {
            if (present.get().equals(identity)) {
                batch.add("netns", "delete", name());
            } else {
                problems.add(new IllegalStateException(
                        name() + " is no longer the network namespace made here and was left alone"));
            }
        }
        thread.close();
    }

    @Override
    public String toString() {
        return name();
    }
}
