package io.fairlead.lab.net;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A platform thread that lives in a network namespace. Sockets made and files under {@code /proc/sys/net} opened by it
 * belong to the namespace; a socket stays there whichever thread uses it later.
 */
final class NamespaceThread implements AutoCloseable {

    private final String namespace;
    private final Thread thread;
    private final ExecutorService executor;

    private NamespaceThread(String namespace, Thread thread, ExecutorService executor) {
        this.namespace = namespace;
        this.thread = thread;
        this.executor = executor;
    }

    /**
     * @param file the namespace, as {@code ip netns} mounts it
     * @throws IllegalStateException when it cannot be entered
     */
    static NamespaceThread enter(String namespace, Path file) {
        var executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("netns-" + namespace).factory());
        Future<Thread> entered = executor.submit(() -> {
            SystemCalls.enterNetworkNamespace(file);
            return Thread.currentThread();
        });
        try {
            return new NamespaceThread(namespace, await(entered, namespace), executor);
        } catch (ExecutionException e) {
            executor.shutdownNow();
            var cause = cause(e);
            throw new IllegalStateException(
                    "cannot enter network namespace " + namespace + ": " + cause.getMessage(), cause);
        }
    }

    /** Runs the work on this thread, one piece after the other, and hands on its result or its exception. */
    @SuppressWarnings("unchecked") // work throws nothing but X and unchecked exceptions
    <T, X extends Exception> T call(NetworkNamespace.Work<T, X> work) throws X {
        if (Thread.currentThread() == thread) {
            return work.run();
        }
        try {
            return await(executor.submit(work::run), namespace);
        } catch (ExecutionException e) {
            switch (cause(e)) {
                case Error error -> throw error;
                case RuntimeException unchecked -> throw unchecked;
                case Throwable checked -> throw (X) checked;
            }
        }
    }

    private static <T> T await(Future<T> future, String namespace) throws ExecutionException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for work in namespace " + namespace, e);
        }
    }

    private static Throwable cause(ExecutionException failure) {
        return Objects.requireNonNull(failure.getCause(), "a task's failure always has a cause");
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
