package io.fairlead.lab.net;

/** How pods are attached to their node. */
public enum Attachment {
    /**
     * All pods of a node behind one bridge, {@code cni0}, as flannel and the bridge CNI plugin do it. The answer of a pod
     * to a neighbour that reached it through a Service crosses the bridge and not the node's IP stack; only with
     * br_netfilter does it meet conntrack there, which turns its source back into the Service's address.
     */
    BRIDGE,

    /**
     * A link and a host route per pod, as Calico and the ptp CNI plugin do it. Every packet between pods is routed by the
     * node; nothing depends on br_netfilter.
     */
    ROUTED;

    /** {@link #BRIDGE} where the kernel has br_netfilter, else {@link #ROUTED}. */
    public static Attachment bestOfThisKernel() {
        return Sysctl.hasBridgeNetfilter() ? BRIDGE : ROUTED;
    }
}
