package io.fairlead.lab.controlplane.rules;

import static io.fairlead.lab.controlplane.rules.ServiceRules.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.FieldError;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;

/** What can be wrong with a Service's spec, whatever is allocated to it. */
final class ServiceValidation {

    private static final List<String> TYPES = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    // A day, in seconds.
    private static final int LONGEST_AFFINITY = 86_400;
    private static final String NO_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final String NO_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private final ObjectNode spec;
    private final Violations violations;
    private final String type;

    ServiceValidation(ObjectNode spec, Violations violations) {
        this.spec = spec;
        this.violations = violations;
        this.type = ServiceRules.type(spec);
    }

    void check() {
        checkPorts();
        checkType();
        MetadataRules.labels("spec.selector", spec.path("selector"), violations);
        checkAffinity();
        checkExternalIps();
        checkLoadBalancer();
        checkTrafficPolicies();
        checkClusterIps();
    }

    /** A cluster IP stays what it is. */
    static void checkPrimaryIp(ObjectNode old, ObjectNode spec, Violations violations) {
        if (ServiceRules.type(old).equals(ServiceRules.EXTERNAL_NAME)
                || ServiceRules.type(spec).equals(ServiceRules.EXTERNAL_NAME)
                || text(old, "clusterIP").isEmpty()) {
            return;
        }
        if (!text(old, "clusterIP").equals(text(spec, "clusterIP"))) {
            violations.invalid("spec.clusterIPs[0]", spec.path("clusterIPs"), "may not change once set");
        }
    }

    private void checkPorts() {
        var ports = spec.path("ports");
        if (ports.isEmpty() && !ServiceRules.isHeadless(spec) && !type.equals(ServiceRules.EXTERNAL_NAME)) {
            violations.required("spec.ports");
        }
        new ServicePortValidation(type, violations).check(ports);
    }

    private void checkType() {
        violations.oneOf("spec.type", spec.path("type"), TYPES);
        if (ServiceRules.isExternal(spec) && ServiceRules.isHeadless(spec)) {
            violations.invalid(
                    "spec.clusterIPs[0]", spec.path("clusterIP"), "may not be set to 'None' for " + type + " services");
        }
        if (type.equals(ServiceRules.EXTERNAL_NAME)) {
            checkExternalName();
        }
    }

    private void checkExternalName() {
        for (var field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
            if (!spec.path(field).isEmpty() || spec.path(field).isTextual()) {
                violations.forbidden("spec." + field, "may not be set for ExternalName services");
            }
        }
        var name = text(spec, "externalName");
        if (name.isEmpty()) {
            violations.required("spec.externalName");
        } else {
            var relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            violations.form("spec.externalName", Json.text(name), Names.DNS_1123_SUBDOMAIN.problem(relative));
        }
    }

    private void checkAffinity() {
        violations.oneOf("spec.sessionAffinity", spec.path("sessionAffinity"), List.of("ClientIP", "None"));
        var seconds = spec.at("/sessionAffinityConfig/clientIP/timeoutSeconds");
        if (!seconds.isMissingNode() && (seconds.asInt() <= 0 || seconds.asInt() > LONGEST_AFFINITY)) {
            violations.invalid(
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                    seconds,
                    "must be greater than 0 and less than " + LONGEST_AFFINITY);
        }
    }

    private void checkExternalIps() {
        int i = 0;
        for (var ip : spec.path("externalIPs")) {
            var field = "spec.externalIPs[" + i++ + "]";
            var address = IpAddress.tryParse(ip.asText());
            if (address.isEmpty()) {
                violations.invalid(field, ip, NO_IP);
            } else if (address.get().isUnspecified()) {
                violations.invalid(field, ip, "may not be unspecified (0.0.0.0 or ::)");
            } else if (address.get().isLoopback()) {
                violations.invalid(field, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
            } else if (address.get().toInetAddress().isLinkLocalAddress()) {
                violations.invalid(field, ip, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
            }
        }
    }

    private void checkLoadBalancer() {
        boolean balanced = type.equals(ServiceRules.LOAD_BALANCER);
        for (var field : List.of("loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "loadBalancerClass")) {
            if (!balanced && spec.has(field)) {
                violations.forbidden("spec." + field, "may only be used when `type` is 'LoadBalancer'");
            }
        }
        int i = 0;
        for (var range : spec.path("loadBalancerSourceRanges")) {
            var field = "spec.loadBalancerSourceRanges[" + i++ + "]";
            if (balanced && IpPrefix.tryParse(range.asText().strip()).isEmpty()) {
                violations.invalid(field, range, NO_CIDR);
            }
        }
    }

    private void checkTrafficPolicies() {
        var external = spec.path("externalTrafficPolicy");
        if (external.isTextual()
                && !ServiceRules.isExternal(spec)
                && spec.path("externalIPs").isEmpty()) {
            violations.invalid(
                    "spec.externalTrafficPolicy", external, "may only be set for externally-accessible services");
        } else {
            violations.oneOf("spec.externalTrafficPolicy", external, POLICIES);
        }
        violations.oneOf("spec.internalTrafficPolicy", spec.path("internalTrafficPolicy"), POLICIES);
        violations.oneOf(
                "spec.trafficDistribution",
                spec.path("trafficDistribution"),
                List.of("PreferClose", "PreferSameZone", "PreferSameNode"));
        var health = spec.path("healthCheckNodePort");
        if (health.asInt() != 0 && !ServiceRules.needsHealthCheckPort(spec)) {
            violations.invalid(
                    "spec.healthCheckNodePort",
                    health,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
    }

    private void checkClusterIps() {
        if (type.equals(ServiceRules.EXTERNAL_NAME)) {
            return;
        }
        var ips = spec.path("clusterIPs");
        if (!ips.isEmpty() && !ips.get(0).asText().equals(text(spec, "clusterIP"))) {
            violations.invalid("spec.clusterIPs", ips, "first value must match `clusterIP`");
        }
        for (int i = 0; i < ips.size(); i++) {
            checkClusterIp("spec.clusterIPs[" + i + "]", ips.get(i), i, ips.size());
        }
        if (ips.size() > 2) {
            violations.invalid("spec.clusterIPs", ips, "may only hold up to 2 values");
        }
        var families = spec.path("ipFamilies");
        for (int i = 0; i < families.size(); i++) {
            violations.oneOf("spec.ipFamilies[" + i + "]", families.get(i), List.of("IPv4", "IPv6"));
        }
        if (families.size() == 2 && families.get(0).equals(families.get(1))) {
            violations.add(FieldError.duplicate("spec.ipFamilies[1]", families.get(1)));
        }
        violations.oneOf(
                "spec.ipFamilyPolicy",
                spec.path("ipFamilyPolicy"),
                List.of("PreferDualStack", "RequireDualStack", "SingleStack"));
    }

    private void checkClusterIp(String field, JsonNode ip, int index, int count) {
        if (ip.asText().equals(ServiceRules.NONE)) {
            if (count > 1 || index > 0) {
                violations.invalid(field, ip, "'None' must be the first and only value");
            }
        } else if (IpAddress.tryParse(ip.asText()).isEmpty()) {
            violations.invalid(field, ip, NO_IP);
        }
    }
}
