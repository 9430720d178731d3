package io.fairlead.lab.program;

import java.util.concurrent.CompletableFuture;

/** What a container runs, from its start to its end. Safe for use by many threads. */
public interface Program {

    /** Completes with the exit status when it has ended, in whatever way. */
    CompletableFuture<Integer> exit();

    /** Asks it to end what it has begun and then itself, as SIGTERM does; returns at once. */
    void terminate();

    /** Ends it, as SIGKILL does; when this returns its sockets are closed. */
    void kill();
}
