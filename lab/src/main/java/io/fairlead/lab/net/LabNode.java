package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A node: a namespace with an interface {@code eth0} on the LAN, which routes for its pods. */
public final class LabNode {

    private final NodePlan plan;
    private final NetworkNamespace namespace;
    private final PodLinks links;
    private final Optional<Ledger> ledger;
    private final Map<String, LabPod> pods = new ConcurrentSkipListMap<>();

    LabNode(NodePlan plan, NetworkNamespace namespace, Attachment attachment, Optional<Ledger> ledger) {
        this.plan = plan;
        this.namespace = namespace;
        this.ledger = ledger;
        this.links = new PodLinks(namespace, plan.podSubnets(), attachment);
    }

    /** See {@link Flannel}. */
    void masquerade(Subnets podNetwork) {
        Flannel.install(namespace, podNetwork, plan.podSubnets());
    }

    PodLinks links() {
        return links;
    }

    /** A pod of this node; its links are made by the caller. */
    LabPod adopt(String name, NetworkNamespace podNamespace, int number) {
        var pod = new LabPod(name, podNamespace, plan.podSubnets().host(number), this, number);
        pods.put(name, pod);
        return pod;
    }

    /** Takes a pod's link away; the kernel would do so too, but some time after the pod's namespace is gone. */
    void disconnect(LabPod pod, int number) {
        if (pods.remove(pod.name(), pod) && namespace.isOpen()) {
            namespace.forget(pod.namespace());
            links.disconnect(number);
        }
    }

    public String name() {
        return plan.name();
    }

    public NetworkNamespace namespace() {
        return namespace;
    }

    /** On the LAN. */
    public Addresses addresses() {
        return plan.addresses();
    }

    public IpAddress address(IpFamily family) {
        return addresses().of(family);
    }

    public IpPrefix podCidr(IpFamily family) {
        return plan.podSubnets().of(family);
    }

    /** By name. */
    public List<LabPod> pods() {
        return List.copyOf(pods.values());
    }

    /**
     * Adds a pod while the topology is in use. It goes with the node, or when closed.
     *
     * @param number of its addresses in the pod CIDRs; 2 and up, not in use
     */
    public LabPod addPod(String podName, int number) {
        var addresses = plan.podSubnets().host(number);
        var podNamespace = NetworkNamespace.create(List.of(podName), ledger).getFirst();
        namespace.closeWith(podNamespace);
        try {
            var create = new IpBatch();
            var onNode = new IpBatch(namespace);
            var inPod = new IpBatch(podNamespace);
            links.connect(podNamespace, addresses, number, new PodLinks.Batches(create, onNode, inPod));
            create.run();
            onNode.run();
            inPod.run();
        } catch (RuntimeException e) {
            namespace.forget(podNamespace);
            podNamespace.close();
            throw e;
        }
        return adopt(podName, podNamespace, number);
    }

    /** One more address of the node, on its loopback; who is to reach it needs a route ({@link Topology#announce}). */
    void addAddress(IpAddress address) {
        var batch = new IpBatch(namespace);
        PodLinks.addAddress(batch, PodLinks.IpAddressOnLink.alone(address), "lo");
        batch.run();
    }

    /** Starts a server of the node itself, as a pod with host networking would. */
    public Echo serve(Protocol protocol, int port) {
        return Echo.start(protocol, namespace, name(), addresses().both(), port);
    }

    @Override
    public String toString() {
        return name();
    }
}
