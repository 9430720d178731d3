package io.fairlead.cli.page;

import static io.fairlead.cli.page.Answers.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

    private SampleCluster() {}

    /** @param services at least 1; a kube-dns, in two ports, is the first */
    static Answers of(int services) {
        var random = new Random(11);
        var answers = new Answers();
        answers.service(
                port("kube-system", "kube-dns", "dns", "UDP", 53, "10.96.0.10").put("affinitySeconds", 0),
                endpoint("10.244.0.5", 53, "k8s1", 0.5).put("local", true),
                endpoint("10.244.2.21", 53, "k8s2", 0.5));
        answers.service(
                port("kube-system", "kube-dns", "dns-tcp", "TCP", 53, "10.96.0.10"),
                endpoint("10.244.0.5", 53, "k8s1", 0.5).put("local", true),
                endpoint("10.244.2.21", 53, "k8s2", 0.5));
        for (int i = 2; i < services; i++) {
            random(answers, random, i, services);
        }
        explain(answers);
        history(answers, random);
        return answers;
    }

    private static void random(Answers answers, Random random, int i, int services) {
        var namespace = NAMESPACES.get(i * NAMESPACES.size() / services);
        var name = NAMES.get(i % NAMES.size()) + (i < NAMES.size() ? "" : "-" + i);
        var port = port(
                namespace,
                name,
                i % 3 == 0 ? "http" : "",
                "TCP",
                80 + i % 7 * 1000,
                "10." + (96 + i / 60_000) + "." + i / 250 % 250 + "." + (1 + i % 250));
        if (i % 9 == 0) {
            port.put("nodePort", 30_000 + i % 2768).put("externalPolicy", "Local");
        }
        var endpoints = new ObjectNode[i % 47 == 0 ? 0 : 1 + random.nextInt(i % 5 == 0 ? 9 : 3)];
        int gone = i % 31 == 0 ? 1 : 0;
        for (int e = 0; e < endpoints.length; e++) {
            endpoints[e] = endpoint(
                    "10.244." + e + "." + (1 + i % 250),
                    8080,
                    "k8s" + (1 + e % 3),
                    e < gone ? 0 : 1.0 / Math.max(1, endpoints.length - gone));
            if (e < gone) {
                endpoints[e].put("ready", false).put("use", "none").put("reason", "not ready");
                endpoints[e].remove(List.of("share", "traffic"));
            }
        }
        answers.service(port, endpoints);
        long connections = (long) Math.exp(random.nextDouble() * 14);
        port.set("traffic", traffic(connections, connections * (300 + random.nextInt(9_000))));
    }

    static ObjectNode port(
            String namespace, String name, String portName, String protocol, int port, String clusterIp) {
        var row = object("{}")
                .put("namespace", namespace)
                .put("name", name)
                .put("portName", portName)
                .put("protocol", protocol)
                .put("port", port);
        row.putArray("clusterIps").add(clusterIp);
        row.set("traffic", traffic(184_220, 31_400_000));
        return row;
    }

    static ObjectNode endpoint(String address, int port, String node, double share) {
        var endpoint = object(
                        "{\"family\":\"IPv4\",\"ready\":true,\"serving\":true,\"terminating\":false,\"use\":\"both\"}")
                .put("address", address)
                .put("port", port)
                .put("nodeName", node)
                .put("share", share);
        endpoint.set("traffic", traffic(92_110, 15_700_000));
        return endpoint;
    }

    private static ObjectNode traffic(long connections, long bytes) {
        return object("{}")
                .put("connections", connections)
                .put("packets", bytes / 700)
                .put("bytes", bytes);
    }

    /** A Service with everything that an endpoint can be. */
    static Answers withCheckout(Answers answers) {
        var port = port("checkout", "basket", "http", "TCP", 80, "10.96.41.7")
                .put("nodePort", 31_080)
                .put("externalPolicy", "Local")
                .put("affinitySeconds", 10_800)
                .put("healthCheckNodePort", 32_211);
        port.putArray("loadBalancerIps").add("203.0.113.40");
        port.putArray("sourceRanges").add("198.51.100.0/24");
        port.withArray("clusterIps").add("fd00:10:96::2907");
        return answers.service(
                port,
                endpoint("10.244.0.17", 8080, "k8s1", 0.25).put("local", true),
                endpoint("10.244.2.30", 8080, "k8s2", 0.25),
                endpoint("10.244.2.31", 8080, "k8s2", 0.25),
                endpoint("10.244.3.12", 8080, "k8s3", 0.25),
                idle("10.244.3.14", "k8s3", "not ready").put("ready", false),
                idle("10.244.3.9", "k8s3", "ready endpoints are left")
                        .put("ready", false)
                        .put("terminating", true));
    }

    private static ObjectNode idle(String address, String node, String reason) {
        var endpoint = endpoint(address, 8080, node, 0).put("use", "none").put("reason", reason);
        endpoint.remove(List.of("share", "traffic"));
        return endpoint;
    }

    /** kube-dns, from outside the pods: the article's rules. */
    private static void explain(Answers answers) {
        answers.explanation(object("""
                {"from":"10.210.40.172","to":"10.96.0.10:53/UDP","service":"kube-system/kube-dns:dns",
                 "words":["10.96.0.10:53/UDP is the cluster IP of kube-system/kube-dns, port dns.",
                          "Its internal traffic policy is Cluster: all 2 ready endpoints may be chosen, each as likely as the other.",
                          "The source 10.210.40.172 is not in the pod network 10.244.0.0/16, so it is rewritten to this node's address."],
                 "outcomes":[{"probability":0.5,"verdict":"DNAT","to":"10.244.0.5:53","masquerade":true,"text":"DNAT to 10.244.0.5:53, masqueraded"},
                             {"probability":0.5,"verdict":"DNAT","to":"10.244.2.21:53","masquerade":true,"text":"DNAT to 10.244.2.21:53, masqueraded"}],
                 "candidates":[],"assumptions":["no rate limit is exceeded"],
                 "path":{"share":1,"steps":[
                   {"hook":"OUTPUT","kind":"enter","table":"nat","chain":"OUTPUT"},
                   {"hook":"OUTPUT","kind":"hit","table":"nat","chain":"OUTPUT","rule":"-A OUTPUT -m comment --comment \\"kubernetes service portals\\" -j KUBE-SERVICES","effect":"→ KUBE-SERVICES"},
                   {"hook":"OUTPUT","kind":"hit","table":"nat","chain":"KUBE-SERVICES","rule":"-A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-TCOU7JCQXEZGVUNU","effect":"→ KUBE-SVC-TCOU7JCQXEZGVUNU"},
                   {"hook":"OUTPUT","kind":"hit","table":"nat","chain":"KUBE-SVC-TCOU7JCQXEZGVUNU","rule":"-A KUBE-SVC-TCOU7JCQXEZGVUNU ! -s 10.244.0.0/16 -d 10.96.0.10/32 -p udp -m udp --dport 53 -j KUBE-MARK-MASQ","effect":"→ KUBE-MARK-MASQ"},
                   {"hook":"OUTPUT","kind":"hit","table":"nat","chain":"KUBE-MARK-MASQ","rule":"-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000","effect":"mark 0x4000"}],
                  "choices":[%s,%s]}}""".formatted(
                        way("KUBE-SEP-YIL6JZP7A3QYXJU2", "10.244.0.5", true),
                        way("KUBE-SEP-6E7XQMQ4RAYOWTTM", "10.244.2.21", false))));
    }

    private static String way(String chain, String address, boolean first) {
        return """
                {"share":0.5,"steps":[
                  {"hook":"OUTPUT","kind":"hit","table":"nat","chain":"KUBE-SVC-TCOU7JCQXEZGVUNU","rule":"-A KUBE-SVC-TCOU7JCQXEZGVUNU %1$s-j %2$s","effect":"→ %2$s"},
                  {"hook":"OUTPUT","kind":"hit","table":"nat","chain":"%2$s","rule":"-A %2$s -p udp -m udp -j DNAT --to-destination %3$s:53","effect":"DNAT to %3$s:53"},
                  {"hook":"OUTPUT","kind":"routed","text":"to another machine"},
                  {"hook":"POSTROUTING","kind":"hit","table":"nat","chain":"POSTROUTING","rule":"-A POSTROUTING -m comment --comment \\"kubernetes postrouting rules\\" -j KUBE-POSTROUTING","effect":"→ KUBE-POSTROUTING"},
                  {"hook":"POSTROUTING","kind":"hit","table":"nat","chain":"KUBE-POSTROUTING","rule":"-A KUBE-POSTROUTING -j MASQUERADE --random-fully","effect":"masquerade"}],
                 "outcome":{"verdict":"DNAT","to":"%3$s:53","masquerade":true,"text":"DNAT to %3$s:53, masqueraded"}}""".formatted(first ? "-m statistic --mode random --probability 0.50000000000 " : "", chain, address);
    }

    private static void history(Answers answers, Random random) {
        for (int i = 120; i > 0; i--) {
            var item = object("{\"family\":\"IPv4\"}")
                    .put("id", i)
                    .put("at", Answers.NOON - (120 - i) * 7_300L - random.nextInt(900))
                    .put("durationMicros", (long) (26_000 * Math.exp(random.nextGaussian() * 0.3)))
                    .put("written", 3 + random.nextInt(20) + " rules in " + (1 + random.nextInt(4)) + " chains")
                    .put("objectCount", 1);
            item.putArray("objects").add("EndpointSlice checkout/basket-x7k2p");
            if (i == 1) {
                item.put("full", true).put("durationMicros", 3_610_000).put("objectCount", 31_204);
            }
            if (i == 96) {
                item.put("error", "iptables-restore: another program holds the lock (pid 4711, firewalld)");
            }
            answers.synced(item);
        }
        answers.warning(object("""
                {"severity":"warning","kind":"foreign","family":"IPv4","object":"filter FORWARD rule 1",
                 "message":"A rule that is not ours drops packets before KUBE-FORWARD is asked.",
                 "remedy":"Let firewalld accept the pod network, or place its rule after KUBE-FORWARD."}""").put("at", Answers.NOON));
        answers.warning(object("""
                {"severity":"error","kind":"missing","family":"IPv4","object":"nat KUBE-SERVICES / checkout/basket:http",
                 "message":"The rule for 10.96.41.7:80/TCP was removed by somebody else.",
                 "remedy":"It is written again with the next sync; fairlead audit --repair does it now."}""").put("at", Answers.NOON));
    }
}
