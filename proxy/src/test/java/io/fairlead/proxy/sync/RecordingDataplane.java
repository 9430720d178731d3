package io.fairlead.proxy.sync;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Keeps what it was told to apply; can be held up, made to fail, and flushed. */
final class RecordingDataplane implements Dataplane {

    record Call(RoutingTable desired, Set<NamespacedName> changed, boolean full) {}

    private final IpFamily family;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Semaphore gate = new Semaphore(1_000_000);
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Set<String> flushed = Set.of();

    RecordingDataplane(IpFamily family) {
        this.family = family;
    }

    List<Call> calls() {
        return calls;
    }

    void failNext(int times) {
        failures.set(times);
    }

    void hold() {
        gate.drainPermits();
    }

    void letGo() {
        gate.release(1_000_000);
    }

    void flush(String table) {
        flushed = Set.of(table);
    }

    @Override
    public IpFamily family() {
        return family;
    }

    @Override
    public SyncResult apply(RoutingTable desired, Set<NamespacedName> changed, boolean full) throws DataplaneException {
        calls.add(new Call(desired, Set.copyOf(changed), full));
        gate.acquireUninterruptibly();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new DataplaneException("refused, as asked", new IOException());
        }
        flushed = Set.of();
        return new SyncResult(full, 0, 0, 0, false, List.of(), List.of());
    }

    @Override
    public int differences(RoutingTable desired) {
        return 0;
    }

    @Override
    public void audit(RoutingTable desired, Consumer<Finding> findings) {}

    @Override
    public Set<String> flushed() {
        return flushed;
    }
}
