package io.fairlead.proxy.dataplane;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes the routing of one family into the kernel.
 *
 * <p>A dataplane knows what it applied; that knowledge advances only when the kernel said yes. After any failure it
 * knows nothing and the next {@link #apply} compares with the kernel itself, so no change is ever lost. Calls block and
 * come from one thread at a time.
 */
public interface Dataplane {

    IpFamily family();

    /**
     * Makes the kernel hold {@code desired}.
     *
     * @param changed the Services in which {@code desired} differs from what was last applied; a superset does no harm
     * @param full compare with the kernel, whatever is believed to be there
     */
    SyncResult apply(RoutingTable desired, Set<NamespacedName> changed, boolean full) throws DataplaneException;

    /** Compares the kernel with {@code desired}: how many differences a full sync would mend; 0 when all is there. */
    int differences(RoutingTable desired) throws DataplaneException;

    /**
     * Compares the kernel with {@code desired} and says where it differs: what a full sync would mend. Changes nothing, and
     * may run beside {@link #apply}; what is being written meanwhile may then be reported.
     *
     * @param findings takes them one by one, however many there are; those of one place together
     */
    void audit(RoutingTable desired, Consumer<Finding> findings) throws DataplaneException;

    /**
     * Reads how many connections each endpoint got. Nothing where the rules do not count.
     *
     * @param applied what the kernel holds
     */
    default void count(RoutingTable applied, Consumer<EndpointCount> counts) throws DataplaneException {}

    /**
     * Whether a table we write to has been flushed by somebody since the last sync.
     *
     * @return what is missing, for the log; empty when all is there or it could not be asked just now
     */
    Set<String> flushed();

    /**
     * Calls {@code disturbed} whenever somebody else has changed what this dataplane wrote, where the kernel tells: from
     * another thread, perhaps often. The next {@link #apply} mends it, full or not, and says what it was.
     */
    default void watch(Runnable disturbed) {}
}
