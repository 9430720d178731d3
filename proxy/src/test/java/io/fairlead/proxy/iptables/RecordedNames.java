package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServicePortName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Compares our chain names with recorded ones. */
final class RecordedNames {

    private RecordedNames() {}

    static void compare(JsonNode vector) {
        var port = port(
                vector.path("servicePortName").asText(), vector.path("protocol").asText());
        if (vector.has("endpoint")) {
            assertThat(Chains.endpoint(port, endpoint(vector.path("endpoint").asText())))
                    .isEqualTo(vector.path("endpointChain").asText());
        } else {
            var hash = Chains.hash(port);
            assertThat(vector.path("cluster").asText()).isEqualTo("KUBE-SVC-" + hash);
            assertThat(vector.path("local").asText()).isEqualTo("KUBE-SVL-" + hash);
            assertThat(vector.path("firewall").asText()).isEqualTo("KUBE-FW-" + hash);
            assertThat(vector.path("external").asText()).isEqualTo("KUBE-EXT-" + hash);
        }
    }

    /** {@code namespace/name} or {@code namespace/name:port}. */
    static ServicePortName port(String text, String protocol) {
        int slash = text.indexOf('/');
        int colon = text.indexOf(':') < 0 ? text.length() : text.indexOf(':');
        return new ServicePortName(
                new NamespacedName(text.substring(0, slash), text.substring(slash + 1, colon)),
                colon == text.length() ? "" : text.substring(colon + 1),
                Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)));
    }

    /** {@code ip:port}, IPv6 in brackets. */
    static RoutedEndpoint endpoint(String text) {
        int colon = text.lastIndexOf(':');
        var address = IpAddress.parse(text.substring(0, colon).replace("[", "").replace("]", ""));
        var endpoint = new Endpoint(address, true, true, false, Optional.empty(), Set.of(), Set.of());
        return new RoutedEndpoint(text, endpoint, Integer.parseInt(text.substring(colon + 1)), false);
    }
}
