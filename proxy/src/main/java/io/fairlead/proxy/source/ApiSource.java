package io.fairlead.proxy.source;

import io.fairlead.proxy.source.api.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A cluster as its API server tells it.
 *
 * <ul>
 *   <li>One connection per kind: a paged list, then a watch with bookmarks, decoded as it arrives.
 *   <li>What is known stays in force while the server is away or talks nonsense; listing again delivers differences
 *       only.
 *   <li>Credentials are read again after every failure, so rotated ones are found.
 * </ul>
 */
public final class ApiSource implements ClusterSource {

    /**
     * How patient the source is.
     *
     * @param firstRetry the first wait after a failure is below this
     * @param longestRetry and no later one is above this
     * @param silence a connection on which nothing came for so long is dead; bookmarks come every minute
     */
    public record Pace(Duration firstRetry, Duration longestRetry, Duration silence) {
        public static final Pace USUAL =
                new Pace(Duration.ofMillis(800), Duration.ofSeconds(30), Duration.ofSeconds(150));
    }

    private final ApiClient client;
    private final String nodeName;
    private final boolean serviceCidrs;
    private final Pace pace;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /**
     * @param client is closed with the source
     * @param nodeName the only Node watched
     * @param serviceCidrs whether ServiceCIDRs matter
     */
    public ApiSource(ApiClient client, String nodeName, boolean serviceCidrs) {
        this(client, nodeName, serviceCidrs, Pace.USUAL);
    }

    public ApiSource(ApiClient client, String nodeName, boolean serviceCidrs, Pace pace) {
        this.client = client;
        this.nodeName = nodeName;
        this.serviceCidrs = serviceCidrs;
        this.pace = pace;
    }

    @Override
    public void start(Listener listener) {
        var interner = new Interner();
        var kinds = new ArrayList<>(List.of(WatchedKind.node(nodeName), WatchedKind.services(), WatchedKind.slices()));
        if (serviceCidrs) {
            kinds.add(WatchedKind.serviceCidrs());
        } else {
            listener.synced(Kind.SERVICE_CIDRS);
        }
        for (var kind : kinds) {
            var reflector = new Reflector(kind, client, interner, pace, listener);
            threads.add(Thread.ofVirtual().name("watch " + kind).start(reflector));
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (var thread : threads) {
                if (thread != Thread.currentThread()) {
                    thread.join();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
