package io.fairlead.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.EndpointPort;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SliceDecodingTest extends DecoderFixture {

    @Test
    void readsEverythingASliceSays() {
        var slice = slice("""
                "ports":[{"name":"http","port":8080,"protocol":"TCP"},{"name":"","port":53,"protocol":"UDP"}],
                "endpoints":[
                 {"addresses":["10.180.00.001","10.0.0.2"],"conditions":{"ready":false,"serving":true,"terminating":true},
                  "nodeName":"n1","hints":{"forZones":[{"name":"a"},{"name":"b"}],"forNodes":[{"name":"n1"}]}},
                 {"addresses":["10.0.0.3"],"conditions":{"ready":null}}]""");

        assertThat(slice.name()).isEqualTo(new NamespacedName("ns", "web-1"));
        assertThat(slice.service()).isEqualTo(new NamespacedName("ns", "web"));
        assertThat(slice.family()).isEqualTo(IpFamily.IPV4);
        assertThat(slice.ports())
                .containsExactly(new EndpointPort("http", Protocol.TCP, 8080), new EndpointPort("", Protocol.UDP, 53));
        assertThat(slice.lastChangeTriggerTime()).contains(Instant.parse("2026-01-02T02:04:05.5Z"));
        var terminating = slice.endpoints().getFirst();
        assertThat(terminating.address()).isEqualTo(IpAddress.parse("10.180.0.1"));
        assertThat(terminating.ready()).isFalse();
        assertThat(terminating.serving()).isTrue();
        assertThat(terminating.terminating()).isTrue();
        assertThat(terminating.nodeName()).contains("n1");
        assertThat(terminating.zoneHints()).isEqualTo(Set.of("a", "b"));
        assertThat(terminating.nodeHints()).isEqualTo(Set.of("n1"));
        var plain = slice.endpoints().getLast();
        assertThat(plain.ready()).isTrue();
        assertThat(plain.serving()).isTrue();
        assertThat(plain.terminating()).isFalse();
        assertThat(plain.nodeName()).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void slicesOfNamesAreIgnoredWithALine() {
        assertThat(decode("""
                {"kind":"EndpointSlice","metadata":{"name":"s","labels":{"kubernetes.io/service-name":"web"}},
                "addressType":"FQDN","endpoints":[]}""")).containsInstanceOf(Decoded.Absent.class);
        assertThat(problems).singleElement().asString().contains("EndpointSlice default/s", "FQDN");
    }

    @Test
    void portsOfASliceWithoutNameOrNumberAreSkipped() {
        var slice = slice(
                "\"ports\":[{\"port\":1},{\"name\":null,\"port\":2},{\"name\":\"a\"},{\"name\":\"b\",\"port\":3}]");

        assertThat(slice.ports()).containsExactly(new EndpointPort("b", Protocol.TCP, 3));
        assertThat(problems).hasSize(3);
    }

    @Test
    void badEndpointsCostThemselvesOnly() {
        var slice = slice("\"endpoints\":[{\"addresses\":[]},{\"addresses\":[\"x\"]},{\"addresses\":[\"fd00::1\"]},"
                + "{\"addresses\":[\"10.0.0.1\"]},{}]");

        assertThat(slice.endpoints()).hasSize(1);
        assertThat(problems).hasSize(4);
    }

    @Test
    void tenThousandBadEndpointsMakeFewLines() {
        var endpoints = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"addresses\":[\"bad\"]}")
                .collect(Collectors.joining(","));

        assertThat(slice("\"endpoints\":[" + endpoints + "]").endpoints()).isEmpty();
        assertThat(problems).hasSize(11).last().asString().contains("9990 more");
    }
}
