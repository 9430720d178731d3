package io.fairlead.cli.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the article saw, as far as it is to be seen again. */
final class Article {

    static final List<String> NODES = List.of("k8s1", "k8s2", "k8s3");
    static final String CLUSTER_IP = "10.98.69.149";
    static final String POD_IP = "10.244.3.38";
    static final String SERVICE_CHAIN = "KUBE-SVC-NE3M6G7FP5C7DVRO";
    static final String ENDPOINT_CHAIN = "KUBE-SEP-DSBJGVCOU4RGUKVK";

    /** Newer kube-proxies say in a comment where a rule leads; the article's did not. */
    private static final Pattern ADDED_COMMENT = Pattern.compile(" -> [0-9.:]+\"");

    private static final String POD_NETWORK = "10.244.0.0/16";

    private Article() {}

    /** The five rules of the Service. */
    static List<String> serviceRules() {
        var rules = new ArrayList<String>();
        rules.addAll(endpoint(ENDPOINT_CHAIN, "default/my-nginx-svc", "tcp", POD_IP, 80));
        rules.addAll(service(SERVICE_CHAIN, "default/my-nginx-svc", "tcp", CLUSTER_IP, 3000));
        rules.add("-A " + SERVICE_CHAIN + " -m comment --comment \"default/my-nginx-svc\" -j " + ENDPOINT_CHAIN);
        return rules;
    }

    /** The rules of DNS: three ports, two endpoints each. */
    static List<String> dnsRules() {
        var rules = new ArrayList<String>();
        rules.addAll(dnsPort(
                "dns",
                "udp",
                53,
                "KUBE-SVC-TCOU7JCQXEZGVUNU",
                "KUBE-SEP-LPGSDLJ3FDW46N4W",
                "KUBE-SEP-2NK74F4BXH6S2KMP"));
        rules.addAll(dnsPort(
                "dns-tcp",
                "tcp",
                53,
                "KUBE-SVC-ERIFXISQEP7F7OF4",
                "KUBE-SEP-LASJGFFJP3UOS6RQ",
                "KUBE-SEP-QCMSUSADBJSJISDV"));
        rules.addAll(dnsPort(
                "metrics",
                "tcp",
                9153,
                "KUBE-SVC-JD5MR3NA4I4DYORP",
                "KUBE-SEP-FVQSBIWR5JTECIVC",
                "KUBE-SEP-KGEJJ2QZOQ6ELXUE"));
        return rules;
    }

    private static List<String> dnsPort(
            String port, String protocol, int number, String service, String first, String second) {
        String name = "kube-system/kube-dns:" + port;
        var rules = new ArrayList<String>();
        rules.addAll(endpoint(first, name, protocol, "10.244.0.5", number));
        rules.addAll(endpoint(second, name, protocol, "10.244.2.21", number));
        rules.addAll(service(service, name, protocol, "10.96.0.10", number));
        String comment = " -m comment --comment \"" + name + "\"";
        rules.add("-A " + service + comment + " -m statistic --mode random --probability 0.50000000000 -j " + first);
        rules.add("-A " + service + comment + " -j " + second);
        return rules;
    }

    private static List<String> endpoint(String chain, String name, String protocol, String address, int port) {
        String comment = " -m comment --comment \"" + name + "\"";
        return List.of(
                "-A " + chain + " -s " + address + "/32" + comment + " -j KUBE-MARK-MASQ",
                "-A " + chain + " -p " + protocol + comment + " -m " + protocol + " -j DNAT --to-destination " + address
                        + ":" + port);
    }

    private static List<String> service(String chain, String name, String protocol, String address, int port) {
        String match = " -d " + address + "/32 -p " + protocol + " -m comment --comment \"" + name + " cluster IP\" -m "
                + protocol + " --dport " + port;
        return List.of(
                "-A KUBE-SERVICES" + match + " -j " + chain,
                "-A " + chain + " ! -s " + POD_NETWORK + match + " -j KUBE-MARK-MASQ");
    }

    /** A rule as the article's kube-proxy would have written it. */
    static String normalized(String rule) {
        return ADDED_COMMENT.matcher(rule.strip()).replaceAll("\"");
    }

    static Set<String> normalized(List<String> rules) {
        return rules.stream().map(Article::normalized).collect(Collectors.toCollection(TreeSet::new));
    }
}
