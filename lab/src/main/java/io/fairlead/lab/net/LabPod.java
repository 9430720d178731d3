package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Protocol;

/** A pod: a namespace with one interface, {@code eth0}, whose other end is on its node. */
public final class LabPod implements AutoCloseable {

    private final String name;
    private final NetworkNamespace namespace;
    private final Addresses addresses;
    private final LabNode node;
    private final int number;

    LabPod(String name, NetworkNamespace namespace, Addresses addresses, LabNode node, int number) {
        this.name = name;
        this.namespace = namespace;
        this.addresses = addresses;
        this.node = node;
        this.number = number;
    }

    public String name() {
        return name;
    }

    public NetworkNamespace namespace() {
        return namespace;
    }

    public LabNode node() {
        return node;
    }

    public Addresses addresses() {
        return addresses;
    }

    public IpAddress address(IpFamily family) {
        return addresses.of(family);
    }

    /** Starts a server on both addresses that answers with the pod's name. It ends with the pod, or when closed. */
    public Echo serve(Protocol protocol, int port) {
        return Echo.start(protocol, namespace, name, addresses.both(), port);
    }

    /** Removes it, links first, so that its peers hear nothing more; its addresses are free at once. */
    @Override
    public void close() {
        try {
            node.disconnect(this, number);
        } finally {
            namespace.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
