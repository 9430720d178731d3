package io.fairlead.proxy.source;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A decoder of a file's text, and what it complains of. */
abstract class DecoderFixture {

    final List<String> problems = new ArrayList<>();
    final ObjectDecoder decoder = new ObjectDecoder(new Origin.File("web.yaml"), problems::add);

    Optional<Decoded> decode(String text) {
        try {
            return decoder.decode(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    ClusterChange present(String text) {
        return ((Decoded.Present) decode(text).orElseThrow()).change();
    }

    Service service(String spec) {
        return ((ClusterChange.ServiceSet)
                        present("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\"},\"spec\":{"
                                + spec + "}}"))
                .service();
    }

    EndpointSlice slice(String fields) {
        return ((ClusterChange.SliceSet) present("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"web-1","namespace":"ns",
                "labels":{"kubernetes.io/service-name":"web"},
                "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-02T03:04:05.5+01:00"}},
                "addressType":"IPv4",%s}""".formatted(fields))).slice();
    }

    static List<IpAddress> ips(String... texts) {
        return List.of(texts).stream().map(IpAddress::parse).toList();
    }
}
