/**
 * What the cluster says, compactly: Services, EndpointSlices and this Node, reduced to what a service proxy reads.
 * {@link io.fairlead.proxy.cluster.ClusterImage} + {@link io.fairlead.proxy.cluster.ClusterDelta} = the next image.
 */
@NullMarked
package io.fairlead.proxy.cluster;

import org.jspecify.annotations.NullMarked;
