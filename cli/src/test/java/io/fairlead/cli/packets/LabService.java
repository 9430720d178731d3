package io.fairlead.cli.packets;

import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.Subnets;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Service of both families that can be reached in every way, with the same port number for TCP, UDP and SCTP.
 *
 * @param number 1–200, its own: gives all its addresses and its node port
 * @param affinitySeconds of client-IP affinity; 0 for none
 */
record LabService(
        String name,
        int number,
        boolean externalLocal,
        boolean internalLocal,
        List<String> sourceRanges,
        int affinitySeconds,
        List<LabEndpoint> endpoints) {

    static final int PORT = 80;
    static final int TARGET_PORT = 8080;
    static final Subnets CLUSTER_IPS = Subnets.of("10.96.0.0/24", "fd00:10:96::/112");
    static final Subnets EXTERNAL_IPS = Subnets.of("198.51.100.0/24", "2001:db8:51::/112");
    static final Subnets LOAD_BALANCER_IPS = Subnets.of("203.0.113.0/24", "2001:db8:113::/112");

    private static final int FIRST_NODE_PORT = 30_000;
    private static final int FIRST_HEALTH_CHECK_PORT = 31_000;

    LabService {
        sourceRanges = List.copyOf(sourceRanges);
        endpoints = List.copyOf(endpoints);
    }

    /** Both traffic policies Cluster, no endpoints. */
    static LabService named(String name, int number) {
        return new LabService(name, number, false, false, List.of(), 0, List.of());
    }

    LabService to(LabPod... pods) {
        return to(Arrays.stream(pods).map(LabEndpoint::ready).toList());
    }

    LabService to(List<LabEndpoint> these) {
        return new LabService(
                name, number, externalLocal, internalLocal, sourceRanges, affinitySeconds, List.copyOf(these));
    }

    LabService withExternalLocal() {
        return new LabService(name, number, true, internalLocal, sourceRanges, affinitySeconds, endpoints);
    }

    LabService withInternalLocal() {
        return new LabService(name, number, externalLocal, true, sourceRanges, affinitySeconds, endpoints);
    }

    LabService fromRanges(String... ranges) {
        return new LabService(name, number, externalLocal, internalLocal, List.of(ranges), affinitySeconds, endpoints);
    }

    LabService withAffinity(int seconds) {
        return new LabService(name, number, externalLocal, internalLocal, sourceRanges, seconds, endpoints);
    }

    Addresses clusterIps() {
        return CLUSTER_IPS.host(number);
    }

    Addresses externalIps() {
        return EXTERNAL_IPS.host(number);
    }

    Addresses loadBalancerIps() {
        return LOAD_BALANCER_IPS.host(number);
    }

    int nodePort() {
        return FIRST_NODE_PORT + number;
    }

    /** The Service and its slices. */
    Stream<String> objects() {
        return Stream.concat(Stream.of(json()), Arrays.stream(IpFamily.values()).map(this::slice));
    }

    private String json() {
        return """
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"lab","name":"%s"},"spec":{
                "type":"LoadBalancer","clusterIP":"%s","clusterIPs":%s,"ipFamilies":["IPv4","IPv6"],
                "externalIPs":%s,"ports":[%s],"loadBalancerSourceRanges":[%s],%s
                "externalTrafficPolicy":"%s","internalTrafficPolicy":"%s","healthCheckNodePort":%d},
                "status":{"loadBalancer":{"ingress":[%s]}}}""".formatted(
                        name,
                        clusterIps().ipv4(),
                        list(clusterIps()),
                        list(externalIps()),
                        ports(protocol -> ",\"port\":" + PORT + ",\"nodePort\":" + nodePort()),
                        sourceRanges.stream().map(range -> "\"" + range + "\"").collect(Collectors.joining(",")),
                        affinity(),
                        policy(externalLocal),
                        policy(internalLocal),
                        externalLocal ? FIRST_HEALTH_CHECK_PORT + number : 0,
                        loadBalancerIps().both().stream()
                                .map(ip -> "{\"ip\":\"" + ip + "\"}")
                                .collect(Collectors.joining(",")));
    }

    private String affinity() {
        return affinitySeconds == 0 ? "" : """
                "sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":%d}},""".formatted(affinitySeconds);
    }

    private String slice(IpFamily family) {
        return """
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"namespace":"lab","name":"%s-%s",
                "labels":{"kubernetes.io/service-name":"%s"}},"addressType":"%s","ports":[%s],"endpoints":[%s]}""".formatted(
                name,
                family.name().toLowerCase(Locale.ROOT),
                name,
                family,
                ports(protocol -> ",\"port\":" + TARGET_PORT),
                endpoints.stream().map(endpoint -> endpoint.json(family)).collect(Collectors.joining(",")));
    }

    private static String ports(Function<Protocol, String> numbers) {
        return Arrays.stream(Protocol.values())
                .map(protocol -> "{\"name\":\"" + protocol.text() + "\",\"protocol\":\"" + protocol + "\""
                        + numbers.apply(protocol) + "}")
                .collect(Collectors.joining(","));
    }

    private static String list(Addresses addresses) {
        return "[\"" + addresses.ipv4() + "\",\"" + addresses.ipv6() + "\"]";
    }

    private static String policy(boolean local) {
        return local ? "Local" : "Cluster";
    }
}
