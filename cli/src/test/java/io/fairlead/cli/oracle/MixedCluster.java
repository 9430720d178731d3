package io.fairlead.cli.oracle;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Clusters by chance: Services of the recorded ones, thrown together under the settings of one of them, with other policies,
 * addresses, ranges and conditions of endpoints than they were recorded with.
 */
final class MixedCluster {

    private static final int SERVICES = 10;
    private static final int AFFINITY_SECONDS = 10_800;
    private static final List<String> EXTERNAL = List.of("198.51.100.7", "198.51.100.8", "2001:db8:51::7");
    private static final List<IpPrefix> RANGES = Stream.of(
                    "203.0.113.0/24", "2001:db8:113::/64", "10.244.0.0/16", "10.210.40.172/32", "fd00:210::172/128")
            .map(IpPrefix::parse)
            .toList();

    private final List<OracleCluster> clusters;
    private final Random random;

    MixedCluster(List<OracleCluster> clusters, Random random) {
        this.clusters = clusters;
        this.random = random;
    }

    OracleCluster next() {
        var settings = pick(clusters);
        boolean sticky = oneIn(3);
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        settings.image().node().ifPresent(node -> delta.replay(new ClusterChange.NodeSet(node)));
        settings.image()
                .serviceCidrs()
                .forEach((name, cidrs) -> delta.replay(new ClusterChange.ServiceCidrSet(name, cidrs)));
        for (int i = 0; i < SERVICES; i++) {
            var image = pick(clusters).image();
            if (!image.services().isEmpty()) {
                var service = pick(List.copyOf(image.services().values()));
                delta.replay(new ClusterChange.ServiceSet(changed(service, sticky)));
                image.slicesOf(service.name())
                        .forEach(slice -> delta.replay(new ClusterChange.SliceSet(changed(slice))));
            }
        }
        return new OracleCluster(settings.config(), delta.apply());
    }

    private Service changed(Service service, boolean sticky) {
        boolean frontends = !service.clusterIps().isEmpty();
        return new Service(
                service.name(),
                service.clusterIps(),
                service.ports(),
                frontends && oneIn(4) ? addresses() : service.externalIps(),
                frontends && oneIn(4) ? addresses() : service.loadBalancerVips(),
                oneIn(4) ? RANGES.subList(0, 1 + random.nextInt(RANGES.size())) : service.sourceRanges(),
                sticky && oneIn(2) ? AFFINITY_SECONDS : 0,
                oneIn(4) != service.externalPolicyLocal(),
                oneIn(5) != service.internalPolicyLocal(),
                service.healthCheckNodePort());
    }

    private List<IpAddress> addresses() {
        return EXTERNAL.stream().filter(_ -> oneIn(2)).map(IpAddress::parse).toList();
    }

    private EndpointSlice changed(EndpointSlice slice) {
        var endpoints = new ArrayList<Endpoint>();
        for (var endpoint : slice.endpoints()) {
            boolean terminating = oneIn(6) != endpoint.terminating();
            endpoints.add(new Endpoint(
                    endpoint.address(),
                    endpoint.ready() && !terminating,
                    oneIn(8) != endpoint.serving(),
                    terminating,
                    endpoint.nodeName(),
                    endpoint.zoneHints(),
                    endpoint.nodeHints()));
        }
        return new EndpointSlice(
                slice.name(), slice.service(), slice.family(), slice.ports(), endpoints, slice.lastChangeTriggerTime());
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }
}
