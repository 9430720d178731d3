package io.fairlead.proxy.conntrack;

import java.io.IOException;

/** Who knows what went to the endpoints of Services. */
@FunctionalInterface
public interface TrafficSource {

    /**
     * What has been counted up to now.
     *
     * @throws IOException when the kernel could not be asked, or not in time
     */
    TrafficReport read() throws IOException;
}
