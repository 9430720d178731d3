package io.fairlead.lab.kubelet;

import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.LabNode;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.proxy.cluster.NamespacedName;

/** The network that a pod's containers share. */
sealed interface Sandbox extends AutoCloseable {

    NetworkNamespace namespace();

    Addresses addresses();

    @Override
    void close();

    /** The node's own. */
    record OfNode(LabNode node) implements Sandbox {

        @Override
        public NetworkNamespace namespace() {
            return node.namespace();
        }

        @Override
        public Addresses addresses() {
            return node.addresses();
        }

        @Override
        public void close() {
            // It is the node's.
        }
    }

    /** One of its own, with a number in the node's pod CIDR. */
    record OfPod(LabPod pod, PodNumbers numbers, int number) implements Sandbox {

        @Override
        public NetworkNamespace namespace() {
            return pod.namespace();
        }

        @Override
        public Addresses addresses() {
            return pod.addresses();
        }

        @Override
        public void close() {
            try {
                pod.close();
            } finally {
                numbers.giveBack(number);
            }
        }
    }

    /** @throws RuntimeException when it cannot be made; nothing is left of it */
    static Sandbox open(LabNode node, PodNumbers numbers, PodSpec pod) {
        if (pod.hostNetwork()) {
            return new OfNode(node);
        }
        int number = numbers.take();
        try {
            return new OfPod(node.addPod(role(pod.name(), number), number), numbers, number);
        } catch (RuntimeException e) {
            numbers.giveBack(number);
            throw e;
        }
    }

    /** A name that a namespace can have; long ones are cut and get the pod's number. */
    private static String role(NamespacedName pod, int number) {
        String whole = pod.namespace() + "." + pod.name();
        return whole.length() <= 58 ? whole : whole.substring(0, 54) + "-" + number;
    }
}
