package io.fairlead.cli.packets;

import static io.fairlead.cli.packets.LabEndpoint.State.SERVING_TERMINATING;
import static io.fairlead.cli.packets.LabEndpoint.State.TERMINATING;

import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.Topology;
import java.util.List;
import java.util.Set;

/** Services of every kind for pods of two nodes. */
final class World {

    /** Outside client and nothing else of the topology. */
    private static final List<String> NEAR_OUTSIDE = List.of("192.168.77.248/29", "fd00:77::f8/125");

    private static final List<String> THE_LAN = List.of("192.168.77.0/24", "fd00:77::/64");
    private static final List<String> ELSEWHERE = List.of("192.0.2.0/24", "2001:db8:2::/64");

    final LabPod local1;
    final LabPod local2;
    final LabPod remote1;
    final LabPod remote2;
    final Set<LabPod> all;
    final Set<LabPod> local;
    final Set<LabPod> remote;

    final LabService cluster;
    final LabService externalLocal;
    final LabService internalLocal;
    final LabService bothLocal;
    final LabService empty;
    final LabService remoteExternalLocal;
    final LabService remoteInternalLocal;
    final LabService self;
    final LabService localTerminating;
    final LabService remoteTerminating;
    final LabService noneServing;
    final LabService allTerminating;
    final LabService hinted;
    final LabService nearOutside;
    final LabService lan;
    final LabService elsewhere;
    final LabService sticky;
    final LabService brief;

    World(Topology net) {
        local1 = net.pod("node1-pod1");
        local2 = net.pod("node1-pod2");
        remote1 = net.pod("node2-pod1");
        remote2 = net.pod("node2-pod2");
        all = Set.of(local1, local2, remote1, remote2);
        local = Set.of(local1, local2);
        remote = Set.of(remote1, remote2);

        cluster = LabService.named("cluster", 1).to(local1, local2, remote1, remote2);
        externalLocal = named("external-local", 2).withExternalLocal();
        internalLocal = named("internal-local", 3).withInternalLocal();
        bothLocal = named("both-local", 4).withExternalLocal().withInternalLocal();
        empty = LabService.named("empty", 5);
        remoteExternalLocal =
                LabService.named("remote-external-local", 6).withExternalLocal().to(remote1, remote2);
        remoteInternalLocal =
                LabService.named("remote-internal-local", 7).withInternalLocal().to(remote1, remote2);
        self = LabService.named("self", 8).to(local1);
        localTerminating = LabService.named("local-terminating", 9)
                .withExternalLocal()
                .to(List.of(LabEndpoint.of(local1, SERVING_TERMINATING), LabEndpoint.ready(remote1)));
        remoteTerminating = LabService.named("remote-terminating", 10)
                .withExternalLocal()
                .to(List.of(LabEndpoint.of(remote1, SERVING_TERMINATING), LabEndpoint.of(local1, TERMINATING)));
        noneServing = LabService.named("none-serving", 11)
                .withExternalLocal()
                .to(List.of(LabEndpoint.of(local1, TERMINATING), LabEndpoint.of(remote1, TERMINATING)));
        allTerminating = LabService.named("all-terminating", 12)
                .to(List.of(
                        LabEndpoint.of(local1, SERVING_TERMINATING),
                        LabEndpoint.of(remote1, SERVING_TERMINATING),
                        LabEndpoint.of(remote2, TERMINATING)));
        hinted = LabService.named("hinted", 13)
                .to(List.of(
                        LabEndpoint.hinted(local1, PacketLab.zone(net.node("node1"))),
                        LabEndpoint.hinted(remote1, PacketLab.zone(net.node("node1"))),
                        LabEndpoint.hinted(local2, PacketLab.zone(net.node("node2"))),
                        LabEndpoint.hinted(remote2, PacketLab.zone(net.node("node2")))));
        nearOutside = ranged("near-outside", 14, NEAR_OUTSIDE);
        lan = ranged("lan", 15, THE_LAN);
        elsewhere = ranged("elsewhere", 16, ELSEWHERE);
        sticky = named("sticky", 17).withAffinity(10_800);
        brief = named("brief", 18).withAffinity(2);
    }

    private LabService named(String name, int number) {
        return LabService.named(name, number).to(local1, local2, remote1, remote2);
    }

    private LabService ranged(String name, int number, List<String> ranges) {
        return LabService.named(name, number).to(local1, remote1).fromRanges(ranges.toArray(String[]::new));
    }

    List<LabService> services() {
        return List.of(
                cluster,
                externalLocal,
                internalLocal,
                bothLocal,
                empty,
                remoteExternalLocal,
                remoteInternalLocal,
                self,
                localTerminating,
                remoteTerminating,
                noneServing,
                allTerminating,
                hinted,
                nearOutside,
                lan,
                elsewhere,
                sticky,
                brief);
    }
}
