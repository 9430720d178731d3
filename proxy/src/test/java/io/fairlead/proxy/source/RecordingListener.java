package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.ClusterChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a source delivers: the lists as they came, and the image they add up to. */
final class RecordingListener implements ClusterSource.Listener {

    private final BlockingQueue<List<ClusterChange>> lists = new LinkedBlockingQueue<>();
    private final Set<ClusterSource.Kind> synced = ConcurrentHashMap.newKeySet();
    private final CountDownLatch allSynced = new CountDownLatch(ClusterSource.Kind.values().length);
    private final Map<ObjectKey, ClusterChange> image = new LinkedHashMap<>();

    @Override
    public synchronized void changed(List<ClusterChange> changes) {
        for (var change : changes) {
            if (isDeletion(change)) {
                image.remove(ObjectKey.of(change));
            } else {
                image.put(ObjectKey.of(change), change);
            }
        }
        lists.add(changes);
    }

    @Override
    public void synced(ClusterSource.Kind kind) {
        if (!synced.add(kind)) {
            throw new AssertionError(kind + " synced twice");
        }
        allSynced.countDown();
    }

    private static boolean isDeletion(ClusterChange change) {
        return change.equals(ObjectKey.of(change).deleted());
    }

    Set<ClusterSource.Kind> synced() {
        return synced;
    }

    synchronized Map<ObjectKey, ClusterChange> image() {
        return Map.copyOf(image);
    }

    void awaitSynced() throws InterruptedException {
        if (!allSynced.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("only " + synced + " synced");
        }
    }

    /** The next list, each change as {@code set Service default/web} or {@code deleted …}. */
    List<String> next() throws InterruptedException {
        var next = lists.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was delivered");
        }
        return next.stream()
                .map(change -> (isDeletion(change) ? "deleted " : "set ") + ObjectKey.of(change))
                .toList();
    }

    boolean isIdle() {
        return lists.isEmpty();
    }
}
