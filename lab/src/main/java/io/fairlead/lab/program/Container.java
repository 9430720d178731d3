package io.fairlead.lab.program;

import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.List;
import java.util.Map;

/**
 * What a program finds around it.
 *
 * @param namespace the pod's, or the node's for a pod with host networking
 * @param addresses of that namespace
 * @param arguments the container's command and arguments
 * @param environment the variables given with a value
 * @param log where its output goes
 */
public record Container(
        NamespacedName pod,
        String node,
        NetworkNamespace namespace,
        Addresses addresses,
        List<ContainerPort> ports,
        List<String> arguments,
        Map<String, String> environment,
        ContainerLog log) {

    public Container {
        ports = List.copyOf(ports);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
