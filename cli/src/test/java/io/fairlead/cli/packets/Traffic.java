package io.fairlead.cli.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.ProbeResult;
import io.fairlead.lab.net.Uniformity;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Protocol;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Connections of one protocol and family, and what must come of them. */
record Traffic(Protocol protocol, IpFamily family) {

    private static final int PROBES_PER_SERVER = 20;
    private static final int REFUSED_PROBES = 10;

    /** Of every kind. */
    static Stream<Traffic> all() {
        return Arrays.stream(Protocol.values())
                .flatMap(protocol -> Arrays.stream(IpFamily.values()).map(family -> new Traffic(protocol, family)));
    }

    /** All of these endpoints, each as often as the others, and nobody else; servers see the client itself. */
    void reaches(Client client, Front front, LabService service, Set<LabPod> pods) {
        reaches(client, address(client, front, service), front.port(service), pods, false);
    }

    /** Like {@link #reaches}, but servers see the node. */
    void reachesMasqueraded(Client client, Front front, LabService service, Set<LabPod> pods) {
        reaches(client, address(client, front, service), front.port(service), pods, true);
    }

    void reaches(Client client, IpAddress address, int port, Set<LabPod> pods, boolean masqueraded) {
        var tally = client.probe().many(protocol, address, port, PROBES_PER_SERVER * pods.size());
        var what = description(client, address, port);
        assertThat(tally.failures()).as(what).isEmpty();
        assertThat(Uniformity.of(names(pods), tally.answers()))
                .as("%s: %s", what, tally.answers())
                .matches(Uniformity::holds, "is even");
        assertThat(tally.sources()).as(what).isEqualTo(sources(client, pods, masqueraded));
    }

    private Map<String, Set<IpAddress>> sources(Client client, Set<LabPod> pods, boolean masqueraded) {
        var expected = new HashMap<String, Set<IpAddress>>();
        for (var pod : pods) {
            var source = masqueraded
                    ? client.masqueradedTowards(pod, family)
                    : client.addresses().of(family);
            expected.put(pod.name(), Set.of(source));
        }
        return expected;
    }

    private static Set<String> names(Set<LabPod> pods) {
        return pods.stream().map(LabPod::name).collect(Collectors.toSet());
    }

    /**
     * Every time, by each of these ways. They are tried side by side because a refused TCP connection may take a second: when
     * the ICMP error arrives while the connecting call still holds the socket, Linux sends another SYN before it believes it.
     */
    void isRefused(List<Client> clients, Collection<Front> fronts, LabService service) {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var refusals = clients.stream()
                    .flatMap(client ->
                            fronts.stream().map(front -> executor.submit(() -> refused(client, front, service))))
                    .toList();
            assertThat(refusals).allSatisfy(refusal -> assertThat(refusal.get()).isTrue());
        }
    }

    private boolean refused(Client client, Front front, LabService service) {
        var address = address(client, front, service);
        var tally = client.probe().many(protocol, address, front.port(service), REFUSED_PROBES);
        assertThat(tally.failures())
                .as(description(client, front, service))
                .hasSize(REFUSED_PROBES)
                .allMatch(ProbeResult.Refused.class::isInstance);
        return true;
    }

    void isDropped(Client client, Front front, LabService service) {
        assertThat(send(client.impatient(), front, service))
                .as(description(client, front, service))
                .isEqualTo(new ProbeResult.TimedOut());
    }

    /** Nobody answers and nobody refuses: the packets go where they would without the Service. */
    void isUnknown(Client client, Front front, LabService service) {
        assertThat(send(client.impatient(), front, service))
                .as(description(client, front, service))
                .isInstanceOfAny(ProbeResult.TimedOut.class, ProbeResult.Unreachable.class);
    }

    /** The server that answers. */
    String server(Client client, Front front, LabService service) {
        var result = send(client, front, service);
        if (result instanceof ProbeResult.Answer answer) {
            return answer.server();
        }
        throw new AssertionError(description(client, front, service) + ": " + result);
    }

    ProbeResult send(Client client, Front front, LabService service) {
        return client.probe().send(protocol, address(client, front, service), front.port(service));
    }

    private IpAddress address(Client client, Front front, LabService service) {
        return front.address(service, client.via(), family);
    }

    private String description(Client client, Front front, LabService service) {
        return front + " of " + service.name() + ", "
                + description(client, address(client, front, service), front.port(service));
    }

    private String description(Client client, IpAddress address, int port) {
        return protocol + " from " + client + " to " + address.withPort(port);
    }

    @Override
    public String toString() {
        return protocol + " " + family;
    }
}
