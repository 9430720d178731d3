package io.fairlead.lab.controlplane.controller;

import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Forgets events after an hour, as an API server does. */
final class EventExpiry implements Controller {

    private static final Duration KEPT = Duration.ofHours(1);

    private final ObjectStore store;
    private final InstantSource clock;

    EventExpiry(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "event-expiry";
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        if (change instanceof StoreChange.Added(var object) && object.type().equals(ResourceTypes.EVENTS)) {
            queue.addAfter(object.name(), KEPT);
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var event = store.get(ResourceTypes.EVENTS, key).map(StoredObject::toJson);
        if (event.isEmpty()) {
            return Optional.empty();
        }
        var last = Pods.time(event.get().path("lastTimestamp"))
                .or(() -> Pods.time(event.get().at("/metadata/creationTimestamp")))
                .orElse(Instant.EPOCH);
        var left = Duration.between(clock.instant(), last.plus(KEPT));
        if (left.isPositive()) {
            return Optional.of(left);
        }
        store.delete(ResourceTypes.EVENTS, key);
        return Optional.empty();
    }
}
