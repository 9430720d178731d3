package io.fairlead.proxy.events;

import io.fairlead.proxy.source.api.ApiClient;
import io.fairlead.proxy.source.api.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to the API server, in the background and as well as it can: nothing waits for one, and when the server is away
 * for long it is lost. For any number of threads.
 *
 * <p>An event that was sent a short time ago is not sent again; kube-proxy counts such repetitions in a series.
 */
public final class EventRecorder {

    private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

    /** Attempts while the server cannot be reached. */
    private static final int ATTEMPTS = 12;

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(10);
    private static final Duration SERIES = Duration.ofMinutes(6);
    private static final int MOST_ON_THEIR_WAY = 50;

    private final ApiClient client;
    private final String nodeName;
    private final String host;
    private final Duration pause;
    private final Semaphore room = new Semaphore(MOST_ON_THEIR_WAY);
    private final Map<Event, Instant> recent = new LinkedHashMap<>();

    /** @param host the machine's own name, whatever the Node is called */
    public EventRecorder(ApiClient client, String nodeName, String host) {
        this(client, nodeName, host, BETWEEN_ATTEMPTS);
    }

    EventRecorder(ApiClient client, String nodeName, String host, Duration pause) {
        this.client = client;
        this.nodeName = nodeName;
        this.host = host;
        this.pause = pause;
    }

    /** Returns at once. */
    public void record(Event event) {
        var _ = send(event);
    }

    /** Returns when it has arrived or cannot, at the latest after this time: for a process that is about to end. */
    public void recordWithin(Duration time, Event event) {
        try {
            var sending = send(event);
            if (sending.isPresent()) {
                sending.get().join(time);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Thread> send(Event event) {
        var now = Instant.now();
        if (!isNew(event, now)) {
            return Optional.empty();
        }
        if (!room.tryAcquire()) {
            log.atDebug().addKeyValue("event", event.reason()).log("Too many events on their way, dropping one");
            return Optional.empty();
        }
        return Optional.of(Thread.ofVirtual().name("event " + event.reason()).start(() -> {
            try {
                deliver(event, event.json(nodeName, host, now));
            } finally {
                room.release();
            }
        }));
    }

    private synchronized boolean isNew(Event event, Instant now) {
        recent.values().removeIf(sent -> sent.plus(SERIES).isBefore(now));
        return recent.putIfAbsent(event, now) == null;
    }

    private void deliver(Event event, String json) {
        for (int attempt = 1; ; attempt++) {
            try {
                client.post("/apis/events.k8s.io/v1/namespaces/" + event.namespace() + "/events", json);
                return;
            } catch (ApiException e) {
                log.atError()
                        .addKeyValue("err", e)
                        .addKeyValue("event", event.reason())
                        .log("Server rejected event (will not retry!)");
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    log.atError()
                            .addKeyValue("err", e)
                            .addKeyValue("event", event.reason())
                            .log("Unable to write event (retry limit exceeded!)");
                    return;
                }
                log.atDebug()
                        .addKeyValue("err", e)
                        .addKeyValue("event", event.reason())
                        .log("Unable to write event (may retry after sleeping)");
            }
            if (!sleep()) {
                return;
            }
        }
    }

    /** About the pause, so that a thousand nodes do not come at the same moment. */
    private boolean sleep() {
        try {
            Thread.sleep(pause.multipliedBy(ThreadLocalRandom.current().nextInt(50, 150))
                    .dividedBy(100));
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
