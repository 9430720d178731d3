package io.fairlead.lab.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.PodLogs;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoreFollower;
import io.fairlead.lab.apiserver.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** Says of every pod that it runs and is ready, gives it an address of its node, and lets it end when it is to end. */
final class FakeKubelet implements AutoCloseable {

    private final ObjectStore store;
    private final Map<String, Integer> used = new HashMap<>();
    private final StoreFollower follower;

    FakeKubelet(ObjectStore store) {
        this.store = store;
        this.follower = store.follow("fake-kubelet", this::observe);
    }

    static PodLogs logs() {
        return FakeKubelet::log;
    }

    private static InputStream log(PodLogs.Request request) {
        var text = request.container() + " of " + request.pod() + " says hello\n";
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A node that is ready; its pods get addresses 10.244.NUMBER.x and fd00:10:NUMBER::x. */
    static ObjectNode node(String name, int number, String zone) {
        var node = Json.object().put("kind", "Node").put("apiVersion", "v1");
        node.putObject("metadata")
                .put("name", name)
                .putObject("labels")
                .put("kubernetes.io/hostname", name)
                .put("topology.kubernetes.io/zone", zone);
        node.putObject("spec").put("podCIDR", "10.244." + number + ".0/24");
        var status = node.putObject("status");
        status.putArray("addresses").addObject().put("type", "InternalIP").put("address", "10.210.40." + number);
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("reason", "KubeletReady");
        status.putObject("nodeInfo").put("kubeletVersion", "v1.36.0");
        return node;
    }

    private void observe(StoreChange change) {
        if (!change.object().type().equals(ResourceTypes.PODS) || change instanceof StoreChange.Deleted) {
            return;
        }
        try {
            manage(change.object());
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private void manage(StoredObject pod) {
        var json = pod.toJson();
        var node = json.at("/spec/nodeName").asText();
        if (node.isEmpty()) {
            return;
        }
        if (json.at("/metadata/deletionTimestamp").isTextual()) {
            store.delete(pod.type(), pod.name());
        } else if (json.at("/status/phase").asText().equals("Pending")) {
            store.edit(pod.type(), pod.name(), this::run);
        }
    }

    private ObjectNode run(ObjectNode pod) {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        var node = pod.at("/spec/nodeName").asText();
        int number = used.merge(node, 1, Integer::sum);
        var subnet = node.replaceAll("\\D", "");
        var status = pod.withObjectProperty("status").put("phase", "Running").put("startTime", now);
        status.put("podIP", "10.244." + subnet + "." + (number + 1));
        var ips = status.putArray("podIPs");
        ips.addObject().put("ip", "10.244." + subnet + "." + (number + 1));
        ips.addObject().put("ip", "fd00:10:" + subnet + "::" + Integer.toHexString(number + 1));
        status.put("hostIP", "10.210.40." + subnet);
        var statuses = status.putArray("containerStatuses");
        for (var container : pod.at("/spec/containers")) {
            statuses.addObject()
                    .put("name", container.path("name").asText())
                    .put("image", container.path("image").asText())
                    .put("imageID", "")
                    .put("ready", true)
                    .put("started", true)
                    .put("restartCount", 0)
                    .putObject("state")
                    .putObject("running")
                    .put("startedAt", now);
        }
        for (var type : new String[] {"Initialized", "ContainersReady", "Ready"}) {
            status.withArrayProperty("conditions")
                    .addObject()
                    .put("type", type)
                    .put("status", "True")
                    .put("lastTransitionTime", now);
        }
        return pod;
    }

    @Override
    public void close() {
        follower.close();
    }
}
