package io.fairlead.bench;

import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.Fault;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What goes wrong with an API server in a long life: it is away, forgets, refuses, answers nonsense, or breaks off. */
record ServerFaults(ApiServer server, NetworkNamespace namespace, RandomGenerator random) {

    /**
     * One fault; it lasts until the next call or {@link #end}.
     *
     * @return its name
     */
    String next() throws IOException {
        end();
        return switch (random.nextInt(9)) {
            case 0 -> {
                server.stop();
                yield "server down";
            }
            case 1 -> {
                restart();
                yield "server restarted";
            }
            case 2 -> {
                server.store().compact();
                server.watches().expire();
                yield "history gone (410)";
            }
            case 3 -> always("errors (500)", Fault.serverError());
            case 4 -> always("too many requests (429)", Fault.tooManyRequests(1));
            case 5 -> always("a login page", Fault.html());
            case 6 -> {
                server.watches().send("\u0000{]");
                yield always("garbage", Fault.garbage());
            }
            case 7 -> {
                server.watches().truncate();
                yield always("connections cut", new Fault.Disconnect());
            }
            default -> always("slow answers", new Fault.Slow(Duration.ofMillis(500)));
        };
    }

    /** The server is well again. */
    void end() throws IOException {
        server.faults().clear();
        restartIfDown();
    }

    private String always(String name, Fault fault) {
        server.watches().close();
        server.faults().always(_ -> true, fault);
        return name;
    }

    private void restartIfDown() throws IOException {
        if (!server.isRunning()) {
            restart();
        }
    }

    /** On the thread of the namespace, which the new listening socket then belongs to. */
    private void restart() throws IOException {
        namespace.call(() -> {
            server.restart();
            return server;
        });
    }
}
