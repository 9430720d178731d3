package io.fairlead.proxy.cluster;

import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Changes on their way into the next image, and which Services they touch. A change that changes nothing (a resync
 * delivering the same object, a delete of something unknown) touches nothing.
 */
public final class ClusterDelta {

    private ClusterImage image;
    private final Set<NamespacedName> touchedServices = new HashSet<>();
    private boolean nodeChanged;

    public ClusterDelta(ClusterImage base) {
        image = base;
    }

    public void replay(ClusterChange change) {
        switch (change) {
            case ClusterChange.ServiceSet(Service service) -> setService(service);
            case ClusterChange.ServiceDeleted(NamespacedName name) -> deleteService(name);
            case ClusterChange.SliceSet(EndpointSlice slice) -> setSlice(slice);
            case ClusterChange.SliceDeleted(NamespacedName name) -> deleteSlice(name);
            case ClusterChange.NodeSet(Node node) -> setNode(node);
            case ClusterChange.NodeDeleted(String _) -> {
                // It is being made anew, or this machine is leaving: until then it is where it was (as with
                // kube-proxy).
            }
            case ClusterChange.ServiceCidrSet(String name, var cidrs) ->
                image = image.withServiceCidrs(image.serviceCidrs().plus(name, cidrs));
            case ClusterChange.ServiceCidrDeleted(String name) ->
                image = image.withServiceCidrs(image.serviceCidrs().minus(name));
        }
    }

    /** The image with all changes replayed so far. */
    public ClusterImage apply() {
        return image;
    }

    /** Services that changed or went, or whose EndpointSlices did; all of them when this Node moved to another zone. */
    public Set<NamespacedName> touchedServices() {
        return Collections.unmodifiableSet(touchedServices);
    }

    public boolean nodeChanged() {
        return nodeChanged;
    }

    private void setService(Service service) {
        if (!service.equals(image.services().get(service.name()))) {
            image = image.withService(service);
            touchedServices.add(service.name());
        }
    }

    private void deleteService(NamespacedName name) {
        if (image.services().containsKey(name)) {
            image = image.withoutService(name);
            touchedServices.add(name);
        }
    }

    /** A slice whose service-name label changed leaves its old Service (kube-proxy keeps it there for ever). */
    private void setSlice(EndpointSlice slice) {
        var old = image.slice(slice.name());
        if (!old.equals(Optional.of(slice))) {
            old.ifPresent(known -> touchedServices.add(known.service()));
            image = image.withSlice(slice);
            touchedServices.add(slice.service());
        }
    }

    private void deleteSlice(NamespacedName name) {
        image.slice(name).ifPresent(known -> {
            image = image.withoutSlice(name);
            touchedServices.add(known.service());
        });
    }

    private void setNode(Node node) {
        if (!image.node().equals(Optional.of(node))) {
            if (!image.node().flatMap(Node::zone).equals(node.zone())) {
                touchedServices.addAll(image.services().keySet());
            }
            image = image.withNode(Optional.of(node));
            nodeChanged = true;
        }
    }
}
