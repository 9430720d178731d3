package io.fairlead.cli;

import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.node.NodeWatch;
import io.fairlead.proxy.source.ClusterSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the source and the loop: says what has arrived, and shows the Node's changes to a {@link NodeWatch}, once
 * there is one.
 */
final class SourceObserver implements ClusterSource.Listener {

    private static final Logger log = LoggerFactory.getLogger(SourceObserver.class);

    private final ClusterSource.Listener next;
    private final Runnable end;
    private final AtomicReference<@Nullable NodeWatch> watch = new AtomicReference<>();

    /** @param end called when the process has to end because of what became of the Node; maybe more than once */
    SourceObserver(ClusterSource.Listener next, Runnable end) {
        this.next = next;
        this.end = end;
    }

    /** The source is about to be asked. */
    void starting() {
        for (var kind : ClusterSource.Kind.values()) {
            log.atInfo().log("Starting " + controller(kind) + " controller");
            log.atInfo().addKeyValue("controller", controller(kind)).log("Waiting for caches to sync");
        }
    }

    /** From now on; before, the Node is only waited for. */
    void watch(NodeWatch started) {
        watch.set(started);
    }

    @Override
    public void changed(List<ClusterChange> changes) {
        var current = watch.get();
        if (current != null) {
            for (var change : changes) {
                switch (change) {
                    case ClusterChange.NodeSet(var node) -> {
                        if (current.changed(node)) {
                            end.run();
                        }
                    }
                    case ClusterChange.NodeDeleted _ -> current.deleted();
                    default -> {}
                }
            }
        }
        next.changed(changes);
    }

    @Override
    public void synced(ClusterSource.Kind kind) {
        log.atInfo().addKeyValue("controller", controller(kind)).log("Caches are synced");
        next.synced(kind);
    }

    /** By kube-proxy's names. */
    private static String controller(ClusterSource.Kind kind) {
        return switch (kind) {
            case SERVICES -> "service config";
            case ENDPOINT_SLICES -> "endpoint slice config";
            case NODE -> "node config";
            case SERVICE_CIDRS -> "serviceCIDR config";
        };
    }
}
