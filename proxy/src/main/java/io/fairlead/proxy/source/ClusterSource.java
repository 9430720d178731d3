package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.ClusterChange;
import java.util.List;

/** Delivers the cluster's objects, then every change to them, until closed. Never gives up. */
public interface ClusterSource extends AutoCloseable {

    /** The kinds a proxy watches. */
    enum Kind {
        SERVICES,
        ENDPOINT_SLICES,
        NODE,
        /** Where it does not matter, or the server has none, it counts as delivered at once. */
        SERVICE_CIDRS
    }

    /** Called from the source's own threads; calls for one kind come in order. */
    interface Listener {

        /** Objects that came, changed or went; a list in one call belongs together (one page, one file). */
        void changed(List<ClusterChange> changes);

        /** Every object of the kind's first complete list has been delivered; called once per kind. */
        void synced(Kind kind);
    }

    /** Starts delivering; called once. */
    void start(Listener listener);

    /** Stops delivering; returns when no further call will be made. */
    @Override
    void close();
}
