package io.fairlead.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointSelectionTest {

    private static final Optional<String> ZONE_A = Optional.of("zone-a");

    private final RoutedEndpoint here = endpoint("10.0.0.1", true, State.READY, Set.of(), Set.of());
    private final RoutedEndpoint there = endpoint("10.0.0.2", false, State.READY, Set.of(), Set.of());
    private final RoutedEndpoint leavingHere = endpoint("10.0.0.3", true, State.TERMINATING, Set.of(), Set.of());
    private final RoutedEndpoint leavingThere = endpoint("10.0.0.4", false, State.TERMINATING, Set.of(), Set.of());
    private final RoutedEndpoint dead = endpoint("10.0.0.5", true, State.DEAD, Set.of(), Set.of());

    private enum State {
        READY,
        /** Serving and terminating. */
        TERMINATING,
        /** Neither ready nor serving. */
        DEAD
    }

    @Test
    void withoutEndpointsNobodyIsThere() {
        assertThat(select(true, true)).isEqualTo(EndpointSelection.NOTHING);
        var unready = select(true, true, dead);
        assertThat(unready.any()).isFalse();
        assertThat(unready.all()).containsExactly(dead);
        assertThat(unready.reachable()).isEmpty();
    }

    @Test
    void policyClusterUsesAllReadyEndpoints() {
        var selection = select(true, false, here, there, leavingHere, dead);
        assertThat(selection.cluster()).containsExactly(here, there);
        assertThat(selection.local()).isEmpty();
        assertThat(selection.reachable()).containsExactly(here, there);
        assertThat(selection.any()).isTrue();
    }

    @Test
    void policyLocalUsesReadyEndpointsOfThisNode() {
        var selection = select(false, true, here, there, leavingHere);
        assertThat(selection.cluster()).isEmpty();
        assertThat(selection.local()).containsExactly(here);
        assertThat(selection.reachable()).containsExactly(here);
    }

    @Test
    void policyLocalWithEndpointsElsewhereKnowsThatThereAreSome() {
        var selection = select(false, true, there);
        assertThat(selection.local()).isEmpty();
        assertThat(selection.reachable()).isEmpty();
        assertThat(selection.any()).isTrue();
        assertThat(select(false, true, leavingThere).any())
                .as("one that is going away elsewhere is enough")
                .isTrue();
    }

    @Test
    void terminatingEndpointsServeWhenNothingIsReadyAnywhere() {
        var selection = select(true, false, leavingHere, leavingThere, dead);
        assertThat(selection.cluster()).containsExactly(leavingHere, leavingThere);
        assertThat(selection.clusterTerminating()).isTrue();
        assertThat(select(true, false, there, leavingHere).cluster()).containsExactly(there);
    }

    @Test
    void terminatingEndpointsOfThisNodeServeItAlthoughOthersAreReadyElsewhere() {
        var selection = select(true, true, there, leavingHere, leavingThere);
        assertThat(selection.cluster()).containsExactly(there);
        assertThat(selection.clusterTerminating()).isFalse();
        assertThat(selection.local()).containsExactly(leavingHere);
        assertThat(selection.localTerminating()).isTrue();
        assertThat(selection.reachable()).containsExactly(there, leavingHere);
    }

    @Test
    void readinessWinsOverTermination() {
        var published = new RoutedEndpoint(
                "10.0.0.6:80",
                new Endpoint(IpAddress.parse("10.0.0.6"), true, true, true, Optional.empty(), Set.of(), Set.of()),
                80,
                false);
        assertThat(select(true, false, published).cluster()).containsExactly(published);
        assertThat(select(true, false, published).clusterTerminating()).isFalse();
    }

    @Test
    void zoneHintsKeepTrafficInTheZone() {
        var near = endpoint("10.0.1.1", false, State.READY, Set.of("zone-a"), Set.of());
        var far = endpoint("10.0.1.2", false, State.READY, Set.of("zone-b"), Set.of());
        var selection = select(true, false, near, far);
        assertThat(selection.cluster()).containsExactly(near);
        assertThat(selection.topology()).isEqualTo(Topology.PREFER_SAME_ZONE);
    }

    @Test
    void zoneHintsCountOnlyWhenAllReadyEndpointsHaveThemAndOneIsForThisZone() {
        var near = endpoint("10.0.1.1", false, State.READY, Set.of("zone-a"), Set.of());
        var far = endpoint("10.0.1.2", false, State.READY, Set.of("zone-b"), Set.of());
        assertThat(select(true, false, there, near, far).cluster())
                .as("one has no hint")
                .containsExactly(there, near, far);
        assertThat(select(true, false, far).cluster()).as("none for this zone").containsExactly(far);
        assertThat(select(true, false, dead, near, far).cluster())
                .as("what is not ready does not count")
                .containsExactly(near);
        assertThat(EndpointSelection.select(List.of(near, far), true, false, "node-1", Optional.empty())
                        .cluster())
                .as("this node is in no zone")
                .containsExactly(near, far);
    }

    @Test
    void nodeHintsComeBeforeZoneHints() {
        var same = endpoint("10.0.2.1", false, State.READY, Set.of("zone-a"), Set.of("node-1"));
        var near = endpoint("10.0.2.2", false, State.READY, Set.of("zone-a"), Set.of("node-2"));
        var far = endpoint("10.0.2.3", false, State.READY, Set.of("zone-b"), Set.of("node-3"));
        assertThat(select(true, false, same, near, far).topology()).isEqualTo(Topology.PREFER_SAME_NODE);
        assertThat(select(true, false, same, near, far).cluster()).containsExactly(same);
        assertThat(select(true, false, near, far).cluster())
                .as("no node hint for this node: the zone's")
                .containsExactly(near);
    }

    @Test
    void topologyNeverConcernsPolicyLocalOrTheTerminatingFallback() {
        var farHere = endpoint("10.0.3.1", true, State.READY, Set.of("zone-b"), Set.of());
        var near = endpoint("10.0.3.2", false, State.READY, Set.of("zone-a"), Set.of());
        var both = select(true, true, farHere, near);
        assertThat(both.cluster()).containsExactly(near);
        assertThat(both.local()).containsExactly(farHere);
        assertThat(both.reachable()).containsExactly(farHere, near);
        var leaving = endpoint("10.0.3.3", false, State.TERMINATING, Set.of("zone-b"), Set.of());
        assertThat(select(true, false, leaving).cluster()).containsExactly(leaving);
    }

    private static EndpointSelection select(boolean usesCluster, boolean usesLocal, RoutedEndpoint... all) {
        return EndpointSelection.select(List.of(all), usesCluster, usesLocal, "node-1", ZONE_A);
    }

    private static RoutedEndpoint endpoint(
            String address, boolean local, State state, Set<String> zones, Set<String> nodes) {
        var endpoint = new Endpoint(
                IpAddress.parse(address),
                state == State.READY,
                state != State.DEAD,
                state == State.TERMINATING,
                Optional.empty(),
                zones,
                nodes);
        return RoutedEndpoint.of(endpoint, 80, local);
    }
}
