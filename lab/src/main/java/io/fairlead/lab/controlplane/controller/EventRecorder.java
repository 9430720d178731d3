package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes Events, counting repeats; never fails for the one who reports. */
public final class EventRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int REMEMBERED = 5_000;

    private record Repeat(String uid, String type, String reason, String message, String component, String host) {}

    private final ObjectStore store;
    private final InstantSource clock;
    private final Map<Repeat, NamespacedName> known = new ConcurrentHashMap<>();
    // Names end in a number that differs, as client-go makes them from the time in nanoseconds.
    private final AtomicLong number;

    public EventRecorder(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.number = new AtomicLong(clock.millis() * 1_000_000);
    }

    /**
     * Records that something happened to an object.
     *
     * @param regarding with kind, apiVersion and metadata
     * @param type {@code Normal} or {@code Warning}
     * @param reason one word for machines
     * @param component who says so, and {@code host}: on which node; empty if on none
     */
    public void record(
            ObjectNode regarding, String type, String reason, String message, String component, String host) {
        var repeat = new Repeat(ObjectMeta.text(regarding, "uid"), type, reason, message, component, host);
        try {
            var before = known.get(repeat);
            if (before == null || !countAgain(before)) {
                create(regarding, repeat);
            }
        } catch (ApiException e) {
            // The namespace may be ending.
            LOG.debug("event {} of {}: {}", reason, ObjectMeta.text(regarding, "name"), e.getMessage());
        }
    }

    private boolean countAgain(NamespacedName event) {
        if (store.get(ResourceTypes.EVENTS, event).isEmpty()) {
            return false;
        }
        store.edit(
                ResourceTypes.EVENTS,
                event,
                old -> old.put("count", old.path("count").asInt() + 1).put("lastTimestamp", now()));
        return true;
    }

    private void create(ObjectNode regarding, Repeat repeat) {
        var namespace = ObjectMeta.text(regarding, "namespace");
        var name = ObjectMeta.text(regarding, "name");
        var event = Json.object().put("kind", "Event").put("apiVersion", "v1");
        var metadata = event.putObject("metadata");
        metadata.put("namespace", namespace.isEmpty() ? "default" : namespace)
                .put("name", name + "." + Long.toHexString(number.incrementAndGet()));
        var involved = event.putObject("involvedObject")
                .put("kind", regarding.path("kind").asText())
                .put("apiVersion", regarding.path("apiVersion").asText())
                .put("name", name)
                .put("uid", repeat.uid());
        if (!namespace.isEmpty()) {
            involved.put("namespace", namespace);
        }
        var source = event.put("type", repeat.type())
                .put("reason", repeat.reason())
                .put("message", repeat.message())
                .put("firstTimestamp", now())
                .put("lastTimestamp", now())
                .put("count", 1)
                .putNull("eventTime")
                .put("reportingComponent", repeat.component())
                .put("reportingInstance", repeat.host())
                .putObject("source")
                .put("component", repeat.component());
        if (!repeat.host().isEmpty()) {
            source.put("host", repeat.host());
        }
        if (known.size() >= REMEMBERED) {
            known.clear();
        }
        known.put(repeat, store.create(event).name());
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
