package io.fairlead.proxy.sync;

import java.time.Duration;

/**
 * What of this Node the first sync waits for, and how long, once the Node watch works (spec: process, section 3.2).
 *
 * @param addresses how long for its addresses, or for the Node itself; zero where no Node will come, and then for nothing
 * @param podCidrs how long for its Pod CIDRs after that; zero when they do not matter
 */
public record NodeWait(Duration addresses, Duration podCidrs) {

    /** Where no Node will come. */
    public static final NodeWait NONE = new NodeWait(Duration.ZERO, Duration.ZERO);

    /** As long as kube-proxy. */
    public static final NodeWait FOR_ADDRESSES = new NodeWait(Duration.ofSeconds(30), Duration.ZERO);

    /** As long as kube-proxy where local traffic is told by the Node's Pod CIDRs. */
    public static final NodeWait FOR_POD_CIDRS = new NodeWait(Duration.ofSeconds(30), Duration.ofMinutes(5));
}
