package io.fairlead.lab.controlplane.controller;

import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.StoreFollower;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one controller: a thread that follows the store, and one that works. */
final class ControllerLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Controller controller;
    private final WorkQueue queue = new WorkQueue();
    private final StoreFollower follower;
    private final Thread worker;

    private ControllerLoop(ObjectStore store, Controller controller) {
        this.controller = controller;
        this.follower = store.follow(controller.name() + "-follower", change -> controller.observe(change, queue));
        this.worker = Thread.ofVirtual().name(controller.name()).start(this::work);
    }

    static ControllerLoop start(ObjectStore store, Controller controller) {
        return new ControllerLoop(store, controller);
    }

    private void work() {
        try {
            for (var next = queue.take(); next.isPresent(); next = queue.take()) {
                reconcile(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reconcile(NamespacedName key) {
        try {
            controller.reconcile(key).ifPresent(delay -> queue.addAfter(key, delay));
        } catch (ApiException e) {
            // Somebody else has changed or deleted it meanwhile, or its namespace ends: look again.
            if (e.code() == 404 || e.code() == 409) {
                queue.addAfter(key, AFTER_CONFLICT);
            } else {
                LOG.debug("{}: {}: {}", controller.name(), key, e.getMessage());
                queue.addAfter(key, AFTER_FAILURE);
            }
        } catch (RuntimeException e) {
            LOG.error("{}: {}: failed", controller.name(), key, e);
            queue.addAfter(key, AFTER_FAILURE);
        }
    }

    @Override
    public void close() {
        follower.close();
        queue.close();
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
