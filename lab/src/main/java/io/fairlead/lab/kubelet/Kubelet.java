package io.fairlead.lab.kubelet;

import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoreFollower;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.lab.net.LabNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Runs the pods of one node. Safe for use by many threads. */
public final class Kubelet implements AutoCloseable {

    private final LabNode node;
    private final KubeletSetup setup;
    private final PodNumbers numbers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<NamespacedName, Running> pods = new HashMap<>();
    private final List<Thread> ending = new ArrayList<>();
    private final StoreFollower follower;
    private final Heartbeat heartbeat;

    private record Running(PodWorker worker, Thread thread) {}

    private Kubelet(LabNode node, KubeletSetup setup, int firstPod) {
        this.node = node;
        this.setup = setup;
        this.numbers = new PodNumbers(firstPod);
        this.heartbeat = new Heartbeat(node, setup.store(), setup.server(), this::reconnected);
        this.follower = setup.store().follow("kubelet-" + node.name(), this::changed);
    }

    /**
     * @param firstPod host number in the node's pod CIDRs of the first pod to come; 2–254
     */
    public static Kubelet start(LabNode node, KubeletSetup setup, int firstPod) {
        return new Kubelet(node, setup, firstPod);
    }

    private void reconnected() {
        lock.lock();
        try {
            pods.values().forEach(running -> running.worker().send(new PodSignal.Reconnected()));
        } finally {
            lock.unlock();
        }
    }

    private void changed(StoreChange change) {
        var object = change.object();
        if (!object.type().equals(ResourceTypes.PODS)
                || !object.field(List.of("spec", "nodeName")).equals(node.name())) {
            return;
        }
        lock.lock();
        try {
            switch (change) {
                case StoreChange.Deleted(var _, var last) -> gone(last);
                case StoreChange.Added(var added) -> present(added);
                case StoreChange.Modified(var _, var now) -> present(now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void present(StoredObject object) {
        var pod = object.toJson();
        var known = pods.get(object.name());
        if (known != null) {
            known.worker().send(new PodSignal.Changed(pod));
            return;
        }
        String phase = object.field(List.of("status", "phase"));
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return;
        }
        var worker = new PodWorker(node, setup, numbers, heartbeat::isConnected, pod);
        var thread = Thread.ofVirtual().name(node.name() + "/" + object.name()).start(worker);
        pods.put(object.name(), new Running(worker, thread));
    }

    private void gone(StoredObject last) {
        var running = pods.remove(last.name());
        if (running != null) {
            running.worker().send(new PodSignal.Gone());
            ending.removeIf(thread -> !thread.isAlive());
            ending.add(running.thread());
        }
    }

    /** The log of a container's present or previous run; empty when there is none. */
    Optional<Path> log(NamespacedName pod, String container, boolean previous) {
        lock.lock();
        try {
            return Optional.ofNullable(pods.get(pod))
                    .flatMap(running -> running.worker().log(container, previous));
        } finally {
            lock.unlock();
        }
    }

    /** Kills all pods and removes what was made for them; the API is told nothing. */
    @Override
    public void close() {
        heartbeat.close();
        follower.close();
        List<Thread> threads;
        lock.lock();
        try {
            threads = new ArrayList<>(ending);
            for (var running : pods.values()) {
                running.worker().send(new PodSignal.Gone());
                threads.add(running.thread());
            }
            pods.clear();
        } finally {
            lock.unlock();
        }
        threads.forEach(Kubelet::await);
    }

    /** Even when interrupted; and the pod's thread is not: what it has half made it would not get rid of. */
    private static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
