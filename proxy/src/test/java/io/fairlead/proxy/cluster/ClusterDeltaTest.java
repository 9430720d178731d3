package io.fairlead.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpPrefix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterDeltaTest {

    @Test
    void serviceCidrsAreThoseOfAllObjectsAsTheyAreNow() {
        var image = replay(
                ClusterImage.EMPTY, cidrs("kubernetes", "10.96.0.0/12", "fd00::/108"), cidrs("more", "10.112.0.0/16"));
        assertThat(image.serviceCidrs().values())
                .containsExactlyInAnyOrder(prefixes("10.96.0.0/12", "fd00::/108"), prefixes("10.112.0.0/16"));

        image = replay(image, cidrs("more", "10.113.0.0/16"));
        assertThat(image.serviceCidrs().get("more")).isEqualTo(prefixes("10.113.0.0/16"));

        image = replay(image, new ClusterChange.ServiceCidrDeleted("more"));
        assertThat(image.serviceCidrs()).containsOnlyKeys("kubernetes");
    }

    /** A Node is deleted to be made anew, or because this machine leaves; its zone hints hold until then. */
    @Test
    void aNodeThatIsDeletedStaysWhereItWas() {
        var service = new Service(
                new NamespacedName("default", "web"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                false,
                0);
        var node = new Node("n", List.of(), List.of(), Optional.of("zone-a"));
        var image = replay(ClusterImage.EMPTY, new ClusterChange.ServiceSet(service), new ClusterChange.NodeSet(node));
        var delta = new ClusterDelta(image);

        delta.replay(new ClusterChange.NodeDeleted("n"));
        delta.replay(new ClusterChange.NodeSet(node));
        assertThat(delta.apply()).isEqualTo(image);
        assertThat(delta.touchedServices()).isEmpty();

        delta.replay(new ClusterChange.NodeSet(new Node("n", List.of(), List.of(), Optional.of("zone-b"))));
        assertThat(delta.touchedServices()).containsExactly(service.name());
    }

    private static ClusterImage replay(ClusterImage before, ClusterChange... changes) {
        var delta = new ClusterDelta(before);
        Arrays.stream(changes).forEach(delta::replay);
        return delta.apply();
    }

    private static ClusterChange cidrs(String name, String... cidrs) {
        return new ClusterChange.ServiceCidrSet(name, prefixes(cidrs));
    }

    private static List<IpPrefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(IpPrefix::parse).toList();
    }
}
