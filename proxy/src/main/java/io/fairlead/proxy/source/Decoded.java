package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.ClusterChange;
import java.util.Optional;

/** What one API object of a watched kind means to the proxy. */
public sealed interface Decoded {

    /** An object the proxy works with. */
    record Present(ClusterChange change) implements Decoded {
        public ObjectKey key() {
            return ObjectKey.of(change);
        }
    }

    /**
     * An object that exists but is none of this proxy's business: a Service of another proxy, a slice of a headless
     * Service, without a Service, or of names instead of addresses. As good as deleted.
     */
    record Absent(ObjectKey key) implements Decoded {}

    /**
     * An object that cannot be used as it is; why has been reported. Whoever knows an earlier version keeps that.
     *
     * @param key empty when even the name is unusable
     */
    record Refused(Optional<ObjectKey> key) implements Decoded {}
}
