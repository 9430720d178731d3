package io.fairlead.lab.controlplane.controller;

import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.util.Optional;

/** One control loop: what to look at after a change, and what to do about it. */
interface Controller {

    /** Of its threads, and as events name it. */
    String name();

    /** Queues what a change may concern; called for every change, in order, on one thread. */
    void observe(StoreChange change, WorkQueue queue);

    /**
     * Brings one object to what it should be; called on another thread, for one object at a time.
     *
     * @return when to look again, if not only after a change
     */
    Optional<Duration> reconcile(NamespacedName key);
}
