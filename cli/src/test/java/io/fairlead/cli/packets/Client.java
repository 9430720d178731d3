package io.fairlead.cli.packets;

import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.LabNode;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.OutsideClient;
import io.fairlead.lab.net.Probe;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.time.Duration;

/**
 * Who asks.
 *
 * @param addresses under which a server sees it when nobody masquerades
 * @param via the node whose rules its packets meet
 */
record Client(String name, Probe probe, Addresses addresses, LabNode via) {

    static Client of(LabPod pod) {
        return new Client(pod.name(), Probe.from(pod), pod.addresses(), pod.node());
    }

    static Client of(LabNode node) {
        return new Client(node.name(), Probe.from(node), node.addresses(), node);
    }

    static Client of(OutsideClient outside, LabNode via) {
        return new Client("outside", Probe.from(outside), outside.addresses(), via);
    }

    /** For packets that are expected to vanish. */
    Client impatient() {
        return new Client(name, probe.waiting(Duration.ofMillis(150)), addresses, via);
    }

    /** With another one of its addresses. */
    Client as(Addresses other, IpFamily family) {
        return new Client(name, probe.withSourceAddress(other.of(family)), other, via);
    }

    /** What a server sees when its node masquerades: the node's address on the link that leads to the pod. */
    IpAddress masqueradedTowards(LabPod pod, IpFamily family) {
        return pod.node().equals(via) ? PacketLab.gateway(via, family) : via.address(family);
    }

    @Override
    public String toString() {
        return name;
    }
}
