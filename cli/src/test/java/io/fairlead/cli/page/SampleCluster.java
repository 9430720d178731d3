package io.fairlead.cli.page;

import static io.fairlead.cli.page.Answers.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A cluster with what one meets in a cluster: of any size, the same each time. */
final class SampleCluster {

    private static final List<String> NAMESPACES = List.of(
            "cert-manager",
            "checkout",
            "data",
            "default",
            "ingress",
            "kube-system",
            "mail",
            "monitoring",
            "payments",
            "search");
    private static final List<String> NAMES = List.of(
            "api",
            "cache",
            "catalog",
            "frontend",
            "gateway",
            "kubernetes",
            "metrics",
            "orders",
            "postgres",
            "queue",
            "web");
    private static final Instant MORNING = Instant.parse("2026-03-02T09:30:00Z");

    private SampleCluster() {}

    /** @param ports at least 3: kube-dns and checkout/basket are always there */
    static Answers of(int ports) {
        var random = new Random(11);
        var answers = new Answers();
        for (var protocol : List.of("UDP", "TCP")) {
            answers.service(
                    port(
                            "kube-system",
                            "kube-dns",
                            protocol.equals("UDP") ? "dns" : "dns-tcp",
                            protocol,
                            53,
                            "10.96.0.10"),
                    endpoint("10.244.0.5:53", "k8s1", true),
                    endpoint("10.244.2.21:53", "k8s2", false));
        }
        basket(answers);
        for (int i = 3; i < ports; i++) {
            random(answers, random, i, ports);
        }
        answers.explanation(Explained.kubeDns());
        history(answers, random);
        return answers;
    }

    private static void random(Answers answers, Random random, int i, int ports) {
        var port = port(
                NAMESPACES.get(i * NAMESPACES.size() / ports),
                NAMES.get(i % NAMES.size()) + (i < NAMES.size() ? "" : "-" + i),
                i % 3 == 0 ? "http" : "",
                "TCP",
                80 + i % 7 * 1000,
                "10.96." + i / 250 % 250 + "." + (1 + i % 250));
        var endpoints = new ObjectNode[i % 47 == 0 ? 0 : 1 + random.nextInt(i % 5 == 0 ? 9 : 3)];
        for (int e = 0; e < endpoints.length; e++) {
            var address = "10.244." + e + "." + (1 + i % 250) + ":8080";
            endpoints[e] = i % 31 == 0 && e == 0
                    ? idle(address, "k8s1").put("local", true)
                    : endpoint(address, "k8s" + (1 + e % 3), e % 3 == 0);
        }
        long connections = (long) Math.exp(random.nextDouble() * 14);
        port.set("traffic", traffic(connections, connections * (300 + random.nextInt(9_000))));
        answers.service(port, endpoints);
    }

    static ObjectNode port(
            String namespace, String name, String portName, String protocol, int port, String clusterIp) {
        var row = object("""
                        {"family":"IPv4","nodePort":0,"externalIPs":[],"loadBalancerIPs":[],"sourceRanges":[],"affinitySeconds":0,
                         "internalTrafficPolicy":"Cluster","externalTrafficPolicy":"Cluster","healthCheckNodePort":0,"topology":"none"}""")
                .put("namespace", namespace)
                .put("name", name)
                .put("portName", portName)
                .put("protocol", protocol)
                .put("clusterIP", clusterIp)
                .put("port", port);
        row.set("traffic", traffic(184_220, 31_400_000));
        return row;
    }

    /** One that is ready and used. */
    static ObjectNode endpoint(String address, String node, boolean local) {
        var endpoint = object(
                        "{\"ready\":true,\"serving\":true,\"terminating\":false,\"zoneHints\":[],\"usedByCluster\":true}")
                .put("address", address)
                .put("node", node)
                .put("local", local)
                .put("usedByLocal", local);
        endpoint.set("traffic", traffic(92_110, 15_700_000));
        return endpoint;
    }

    /** One that is not ready, and not used. */
    static ObjectNode idle(String address, String node) {
        var endpoint = endpoint(address, node, false)
                .put("ready", false)
                .put("serving", false)
                .put("usedByCluster", false);
        endpoint.remove("traffic");
        return endpoint;
    }

    private static ObjectNode traffic(long connections, long bytes) {
        return object("{}")
                .put("connections", connections)
                .put("packets", bytes / 700)
                .put("bytes", bytes);
    }

    /** A Service with everything that one can have, in both families. */
    private static void basket(Answers answers) {
        var port = port("checkout", "basket", "http", "TCP", 80, "10.96.41.7")
                .put("nodePort", 31_080)
                .put("externalTrafficPolicy", "Local")
                .put("affinitySeconds", 10_800)
                .put("healthCheckNodePort", 32_211);
        port.withArray("loadBalancerIPs").add("203.0.113.40");
        port.withArray("sourceRanges").add("198.51.100.0/24");
        answers.service(
                port,
                endpoint("10.244.0.17:8080", "k8s1", true),
                endpoint("10.244.2.30:8080", "k8s2", false),
                endpoint("10.244.2.31:8080", "k8s2", false),
                endpoint("10.244.3.12:8080", "k8s3", false),
                idle("10.244.3.14:8080", "k8s3"),
                idle("10.244.3.9:8080", "k8s3").put("terminating", true).put("serving", true));
        var second = port("checkout", "basket", "http", "TCP", 80, "fd00:10:96::2907")
                .put("family", "IPv6");
        second.remove("traffic");
        answers.service(second, endpoint("[fd00:10:244::11]:8080", "k8s1", true));
    }

    private static void history(Answers answers, Random random) {
        for (int i = 120; i > 0; i--) {
            var change = object(
                            "{\"family\":\"IPv4\",\"full\":false,\"drifted\":false,\"chainsDeleted\":0,\"failure\":\"\"}")
                    .put("number", i)
                    .put(
                            "at",
                            MORNING.minusMillis((120 - i) * 7_300L + random.nextInt(900))
                                    .toString())
                    .put("micros", (long) (26_000 * Math.exp(random.nextGaussian() * 0.3)))
                    .put("rulesWritten", 3 + random.nextInt(20))
                    .put("rulesDeleted", random.nextInt(3))
                    .put("serviceCount", 1);
            change.putArray("services").add(i % 3 == 0 ? "payments/ledger" : "checkout/basket");
            if (i == 1) {
                change.put("full", true)
                        .put("micros", 3_610_000)
                        .put("serviceCount", 9_820)
                        .put("rulesWritten", 61_204);
            }
            if (i == 112) {
                change.put("failure", "iptables-restore: another program holds the lock (pid 4711, firewalld)");
            }
            answers.change(change);
        }
        answers.finding(object("""
                {"family":"IPv4","kind":"missing","place":"nat KUBE-SERVICES","service":"checkout/basket","found":"",
                 "expected":"-A KUBE-SERVICES -d 10.96.41.7/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-BASKETXXXXXXXXXX"}"""));
        answers.finding(object("""
                {"family":"IPv4","kind":"foreign","place":"nat KUBE-POSTROUTING","service":"","expected":"",
                 "found":"-A KUBE-POSTROUTING -s 10.244.0.0/16 -j ACCEPT"}"""));
    }
}
