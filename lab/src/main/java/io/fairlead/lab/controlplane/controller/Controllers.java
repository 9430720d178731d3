package io.fairlead.lab.controlplane.controller;

import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.controlplane.rules.AddressRange;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All control loops of a cluster, running. */
public final class Controllers implements AutoCloseable {

    private final List<ControllerLoop> loops;

    private Controllers(List<ControllerLoop> loops) {
        this.loops = loops;
    }

    /**
     * Starts them.
     *
     * @param authorityPem what pods are to trust
     * @param loadBalancerRanges where addresses of type LoadBalancer come from, at most one per family
     * @param preferredNodes nodes that certain pods get if they may run there
     */
    public static Controllers start(
            ObjectStore store,
            EventRecorder events,
            InstantSource clock,
            Optional<String> authorityPem,
            List<AddressRange> loadBalancerRanges,
            Map<NamespacedName, String> preferredNodes) {
        var controllers = List.of(
                new NamespaceController(store, authorityPem),
                new Scheduler(store, events, clock, preferredNodes),
                new ReplicaSetController(store, events, clock),
                new DeploymentController(store, events, clock),
                new EndpointSliceController(store),
                new MirroringController(store),
                new LoadBalancerController(store, events, loadBalancerRanges),
                new NodeController(store, events, clock),
                new GarbageCollector(store),
                new EventExpiry(store, clock));
        return new Controllers(controllers.stream()
                .map(controller -> ControllerLoop.start(store, controller))
                .toList());
    }

    @Override
    public void close() {
        loops.forEach(ControllerLoop::close);
    }
}
