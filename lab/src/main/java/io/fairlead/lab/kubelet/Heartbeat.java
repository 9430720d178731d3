package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.net.LabNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's signs of life: its Lease is renewed as long as the API server can be reached from the node. The kubelet itself
 * shares a process with the server; whether it may know that is found out by a connection through the node's network.
 */
final class Heartbeat implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int PATIENCE_MS = 2_000;
    private static final int LEASE_SECONDS = 10;
    /** As Kubernetes' MicroTime is written. */
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final LabNode node;
    private final ObjectStore store;
    private final InetSocketAddress server;
    private final Runnable reconnected;
    private final Thread thread;
    private volatile boolean connected = true;

    /** @param reconnected called when the server can be reached again */
    Heartbeat(LabNode node, ObjectStore store, InetSocketAddress server, Runnable reconnected) {
        this.node = node;
        this.store = store;
        this.server = server;
        this.reconnected = reconnected;
        this.thread = Thread.ofVirtual().name(node.name() + "/heartbeat").start(this::run);
    }

    /** Whether the server could be reached the last time. */
    boolean isConnected() {
        return connected;
    }

    private void run() {
        try {
            while (true) {
                beat(reachesServer());
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean reachesServer() {
        try (var channel = node.namespace().call(() -> SocketChannel.open())) {
            channel.socket().connect(server, PATIENCE_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void beat(boolean reached) {
        boolean before = connected;
        connected = reached;
        if (!reached) {
            return;
        }
        try {
            renew();
            sayReady();
        } catch (ApiException e) {
            LOG.debug("{}: no sign of life: {}", node, e.getMessage());
        }
        if (!before) {
            reconnected.run();
        }
    }

    private void renew() {
        var name = new NamespacedName("kube-node-lease", node.name());
        if (store.get(ResourceTypes.LEASES, name).isPresent()) {
            store.edit(ResourceTypes.LEASES, name, this::renewed);
        } else {
            var lease = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "coordination.k8s.io/v1")
                    .put("kind", "Lease");
            lease.putObject("metadata").put("namespace", name.namespace()).put("name", name.name());
            store.create(renewed(lease));
        }
    }

    private ObjectNode renewed(ObjectNode lease) {
        lease.withObject("/spec")
                .put("holderIdentity", node.name())
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", MICROS.format(Instant.now()));
        return lease;
    }

    private void sayReady() {
        var name = new NamespacedName("", node.name());
        var present = store.get(ResourceTypes.NODES, name);
        if (present.isPresent() && !isReady(present.get().toJson())) {
            store.edit(ResourceTypes.NODES, name, Heartbeat::ready);
        }
    }

    private static JsonNode readiness(ObjectNode object) {
        for (var condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean isReady(ObjectNode object) {
        return readiness(object).path("status").asText().equals("True");
    }

    private static ObjectNode ready(ObjectNode object) {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        if (readiness(object) instanceof ObjectNode condition && !isReady(object)) {
            condition
                    .put("status", "True")
                    .put("reason", "KubeletReady")
                    .put("message", "kubelet is posting ready status")
                    .put("lastHeartbeatTime", now)
                    .put("lastTransitionTime", now);
        }
        return object;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
