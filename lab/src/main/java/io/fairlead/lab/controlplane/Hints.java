package io.fairlead.lab.controlplane;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Preferences for what would otherwise be chosen freely, so that a session can be repeated exactly. Each counts only if it
 * is possible: the address free, the node fit.
 *
 * @param clusterIps addresses of Services that ask for none
 * @param nodes nodes of pods
 */
public record Hints(Map<NamespacedName, List<IpAddress>> clusterIps, Map<NamespacedName, String> nodes) {

    /** No preferences. */
    public static final Hints NONE = new Hints(Map.of(), Map.of());

    public Hints {
        clusterIps = Map.copyOf(clusterIps);
        nodes = Map.copyOf(nodes);
    }

    /** These and one more; a Service may have one per family. */
    public Hints clusterIp(String namespace, String service, String address) {
        var name = new NamespacedName(namespace, service);
        var list = new ArrayList<>(clusterIps.getOrDefault(name, List.of()));
        list.add(IpAddress.parse(address));
        var more = new HashMap<>(clusterIps);
        more.put(name, List.copyOf(list));
        return new Hints(more, nodes);
    }

    /** These and one more. */
    public Hints node(String namespace, String pod, String node) {
        var more = new HashMap<>(nodes);
        more.put(new NamespacedName(namespace, pod), node);
        return new Hints(clusterIps, more);
    }
}
