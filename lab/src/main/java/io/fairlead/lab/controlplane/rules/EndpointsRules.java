package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.FieldError;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.List;

/** What happens to Endpoints and EndpointSlices, which users may write by hand: defaults and validation. */
final class EndpointsRules {

    private static final String NO_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final List<String> ADDRESS_TYPES = List.of("FQDN", "IPv4", "IPv6");
    private static final int MOST_ENDPOINTS = 1000;

    private EndpointsRules() {}

    static void complete(ResourceType type, ObjectNode object) {
        var violations = new Violations();
        if (type.equals(ResourceTypes.ENDPOINT_SLICES)) {
            slice(object, violations);
        } else {
            endpoints(object, violations);
        }
        violations.refuse(type, object);
    }

    private static void slice(ObjectNode slice, Violations violations) {
        var addressType = slice.path("addressType");
        if (addressType.asText("").isEmpty()) {
            violations.required("addressType");
        }
        violations.oneOf("addressType", addressType, ADDRESS_TYPES);
        ports("ports", slice.path("ports"), violations);
        var endpoints = slice.path("endpoints");
        if (!endpoints.isArray()) {
            slice.putArray("endpoints");
        }
        if (endpoints.size() > MOST_ENDPOINTS) {
            violations.add(new FieldError(
                    "endpoints",
                    "FieldValueTooMany",
                    "Too many: " + endpoints.size() + ": must have at most " + MOST_ENDPOINTS + " items"));
        }
        int i = 0;
        for (var endpoint : endpoints) {
            var field = "endpoints[" + i++ + "].addresses";
            if (endpoint.path("addresses").isEmpty()) {
                violations.required(field, "must contain at least 1 address");
            }
            addresses(field, endpoint.path("addresses"), addressType.asText(), violations);
        }
    }

    private static void addresses(String field, JsonNode addresses, String type, Violations violations) {
        int i = 0;
        for (var address : addresses) {
            var at = field + "[" + i++ + "]";
            var ip = IpAddress.tryParse(address.asText());
            if (type.equals("FQDN")) {
                violations.form(at, address, Names.DNS_1123_SUBDOMAIN.problem(address.asText()));
            } else if (ip.isEmpty()) {
                violations.invalid(at, address, NO_IP);
            } else if ((ip.get().family() == IpFamily.IPV4) != type.equals("IPv4")) {
                violations.invalid(at, address, "must be an " + type + " address");
            }
        }
    }

    private static void endpoints(ObjectNode endpoints, Violations violations) {
        int i = 0;
        for (var subset : endpoints.path("subsets")) {
            var field = "subsets[" + i++ + "]";
            if (subset.path("addresses").isEmpty()
                    && subset.path("notReadyAddresses").isEmpty()) {
                violations.required(field, "must specify `addresses` or `notReadyAddresses`");
            }
            for (var list : List.of("addresses", "notReadyAddresses")) {
                int j = 0;
                for (var address : subset.path(list)) {
                    var ip = address.path("ip");
                    if (IpAddress.tryParse(ip.asText("")).isEmpty()) {
                        violations.invalid("%s.%s[%d].ip".formatted(field, list, j), Json.text(ip.asText("")), NO_IP);
                    }
                    j++;
                }
            }
            ports(field + ".ports", subset.path("ports"), violations);
        }
    }

    private static void ports(String field, JsonNode ports, Violations violations) {
        int i = 0;
        for (var port : ports) {
            if (port instanceof ObjectNode object) {
                if (object.path("protocol").asText("").isEmpty()) {
                    object.put("protocol", "TCP");
                }
                if (field.equals("ports") && !object.has("name")) {
                    object.put("name", "");
                }
            }
            if (port.has("port")) {
                violations.port(field + "[" + i + "].port", port.path("port"));
            }
            violations.oneOf(field + "[" + i + "].protocol", port.path("protocol"), List.of("SCTP", "TCP", "UDP"));
            i++;
        }
    }
}
