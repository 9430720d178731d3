package io.fairlead.proxy.events;

import io.fairlead.proxy.source.api.ApiClient;
import io.fairlead.proxy.source.api.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to the API server, in the background and as well as it can: nothing waits for one, and when the server is away
 * for long it is lost. What happens again soon is counted on the object that is there already. For any number of threads.
 */
public final class EventRecorder {

    private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

    /** Attempts while the server cannot be reached. */
    private static final int ATTEMPTS = 12;

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(10);
    private static final int MOST_ON_THEIR_WAY = 50;

    /** Different ones, remembered at a time. */
    private static final int MOST_SERIES = 1_000;

    private static final int NOT_FOUND = 404;

    private final ApiClient client;
    private final String nodeName;
    private final String host;
    private final Duration pause;
    private final EventSeries.Times times;
    private final Semaphore room = new Semaphore(MOST_ON_THEIR_WAY);
    private final Map<Event, EventSeries> recent = new HashMap<>();

    /** @param host the machine's own name, whatever the Node is called */
    public EventRecorder(ApiClient client, String nodeName, String host) {
        this(client, nodeName, host, BETWEEN_ATTEMPTS, EventSeries.Times.USUAL);
    }

    EventRecorder(ApiClient client, String nodeName, String host, Duration pause, EventSeries.Times times) {
        this.client = client;
        this.nodeName = nodeName;
        this.host = host;
        this.pause = pause;
        this.times = times;
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
                sending.get().awaitCreated(time);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The series that begins with it; empty when it goes on with one, or there is no room. */
    private synchronized Optional<EventSeries> send(Event event) {
        var now = Instant.now();
        var known = recent.get(event);
        if (known != null && known.repeat(now)) {
            return Optional.empty();
        }
        if (recent.size() >= MOST_SERIES || !room.tryAcquire()) {
            log.atDebug().addKeyValue("event", event.reason()).log("Too many events on their way, dropping one");
            return Optional.empty();
        }
        var series = new EventSeries(times, now);
        recent.put(event, series);
        Thread.ofVirtual().name("event " + event.reason()).start(() -> follow(event, series, now));
        return Optional.of(series);
    }

    private synchronized void forget(Event event, EventSeries series) {
        recent.remove(event, series);
    }

    private void follow(Event event, EventSeries series, Instant now) {
        try {
            var object = create(event, now);
            room.release();
            series.created();
            for (var state = series.next(); state.isPresent(); state = series.next()) {
                if (object.isPresent()) {
                    object = count(event, object.get(), state.get());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            forget(event, series);
        }
    }

    /** The object's name; empty when the server does not want it, or could not be reached. */
    private Optional<String> create(Event event, Instant now) throws InterruptedException {
        var name = event.objectName(nodeName, now);
        var json = event.json(name, nodeName, host, now);
        var refusal = attempt(event, () -> client.post(collection(event), json));
        return refusal.isEmpty() ? Optional.of(name) : Optional.empty();
    }

    /** As above; an object that has been removed meanwhile, as events are after an hour, begins anew. */
    private Optional<String> count(Event event, String name, EventSeries.State state) throws InterruptedException {
        var json = Event.seriesJson(state.count(), state.last());
        var refusal = attempt(event, () -> client.patch(collection(event) + "/" + name, json));
        return refusal.equals(Optional.of(NOT_FOUND)) ? create(event, state.last()) : Optional.of(name);
    }

    private static String collection(Event event) {
        return "/apis/events.k8s.io/v1/namespaces/" + event.namespace() + "/events";
    }

    /** A request that may fail. */
    private interface Sending {
        void send() throws IOException;
    }

    /** Sends until the server answers or it has been tried often enough; the status of a refusal, 0 for none at all. */
    private Optional<Integer> attempt(Event event, Sending sending) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                sending.send();
                return Optional.empty();
            } catch (ApiException e) {
                log.atError()
                        .addKeyValue("err", e)
                        .addKeyValue("event", event.reason())
                        .log("Server rejected event (will not retry!)");
                return Optional.of(e.code());
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    log.atError()
                            .addKeyValue("err", e)
                            .addKeyValue("event", event.reason())
                            .log("Unable to write event (retry limit exceeded!)");
                    return Optional.of(0);
                }
                log.atDebug()
                        .addKeyValue("err", e)
                        .addKeyValue("event", event.reason())
                        .log("Unable to write event (may retry after sleeping)");
            }
            // About the pause, so that a thousand nodes do not come at the same moment.
            Thread.sleep(pause.multipliedBy(ThreadLocalRandom.current().nextInt(50, 150))
                    .dividedBy(100));
        }
    }
}
