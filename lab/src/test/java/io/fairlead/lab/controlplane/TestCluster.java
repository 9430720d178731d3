package io.fairlead.lab.controlplane;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A control plane with three nodes and a kubelet that says of every pod that it runs. */
final class TestCluster implements AutoCloseable {

    // Far longer than anything takes; only a failing test waits so long.
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final ControlPlane plane;
    private final FakeKubelet kubelet;

    private TestCluster(ControlPlane plane) {
        this.plane = plane;
        for (int i = 1; i <= 3; i++) {
            plane.store().create(FakeKubelet.node("k8s" + i, i, i == 1 ? "west" : "east"));
        }
        this.kubelet = new FakeKubelet(plane.store());
    }

    static TestCluster start() {
        return start(ControlPlane.builder());
    }

    static TestCluster start(ControlPlane.Builder builder) {
        try {
            return new TestCluster(builder.serviceCidrs("10.96.0.0/12", "fd00:96::/112")
                    .podLogs(FakeKubelet.logs())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ControlPlane plane() {
        return plane;
    }

    ObjectStore store() {
        return plane.store();
    }

    static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StoredObject create(String yaml) {
        return store().create(yaml(yaml));
    }

    static NamespacedName named(String name) {
        return new NamespacedName("default", name);
    }

    ObjectNode get(ResourceType type, String name) {
        return store().get(type, named(name)).orElseThrow().toJson();
    }

    void edit(ResourceType type, String name, UnaryOperator<ObjectNode> edit) {
        store().edit(type, named(name), edit);
    }

    List<ObjectNode> slicesOf(String service) {
        return store().image().objects(ResourceTypes.ENDPOINT_SLICES, "default").stream()
                .filter(slice -> service.equals(slice.labels().get("kubernetes.io/service-name")))
                .map(StoredObject::toJson)
                .toList();
    }

    List<ObjectNode> endpointsOf(String service) {
        return slicesOf(service).stream()
                .flatMap(slice -> slice.path("endpoints").valueStream())
                .map(ObjectNode.class::cast)
                .toList();
    }

    List<ObjectNode> pods() {
        return store().image().objects(ResourceTypes.PODS, "default").stream()
                .map(StoredObject::toJson)
                .toList();
    }

    /** Waits until a value is equal to one. */
    static <T> void eventually(T wanted, Supplier<T> actual) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        var now = actual.get();
        while (!wanted.equals(now)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("expected " + wanted + ", but it stays " + now);
            }
            sleep();
            now = actual.get();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        kubelet.close();
        plane.close();
    }
}
