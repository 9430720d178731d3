package io.fairlead.cli.page;

import static io.fairlead.cli.page.Answers.object;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An answer about DNS from a node, by the rules that a three-node cluster has. */
final class Explained {

    private static final String SERVICE_CHAIN = "KUBE-SVC-TCOU7JCQXEZGVUNU";

    private Explained() {}

    static ObjectNode kubeDns() {
        var answer = object("""
                {"from":{"asked":"node","address":"10.210.40.172","is":"this node"},
                 "to":{"address":"10.96.0.10","port":53,"protocol":"UDP","service":"kube-system/kube-dns","servicePort":"dns","alsoClaimedBy":[]},
                 "node":"k8s1","verdict":"balanced","policy":"internalTrafficPolicy is Cluster",
                 "words":["Its internalTrafficPolicy is Cluster: endpoints on all nodes may be chosen.",
                          "2 of 3 endpoints are candidates, each as likely as the others.",
                          "The source address becomes this node's: 10.210.40.172 is not in the pod network 10.244.0.0/16."],
                 "candidates":[{"address":"10.244.0.5:53","node":"k8s1","local":true,"share":"1/2","probability":0.5,"masqueraded":true},
                               {"address":"10.244.2.21:53","node":"k8s2","local":false,"share":"1/2","probability":0.5,"masqueraded":true}],
                 "others":[{"address":"10.244.3.7:53","node":"k8s3","local":false,"why":"not ready"}]}""");
        var rules = answer.putObject("rules");
        rules.putArray("assumptions").add("no earlier packet of this connection has been seen");
        var outcomes = rules.putArray("outcomes");
        outcomes.add(outcome("10.244.0.5").put("share", "1/2"));
        outcomes.add(outcome("10.244.2.21").put("share", "1/2"));
        var way = rules.putObject("way").put("share", "1");
        way.putArray("steps")
                .add(step("OUTPUT", "OUTPUT", "-m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES"))
                .add(step("OUTPUT", "KUBE-SERVICES", "-d 10.96.0.10/32 -p udp -m udp --dport 53 -j " + SERVICE_CHAIN))
                .add(step(
                        "OUTPUT",
                        SERVICE_CHAIN,
                        "! -s 10.244.0.0/16 -d 10.96.0.10/32 -p udp -m udp --dport 53 -j KUBE-MARK-MASQ"))
                .add(step("OUTPUT", "KUBE-MARK-MASQ", "-j MARK --set-xmark 0x4000/0x4000"));
        // One rule after the other: the second way is a fork with a single way of its own.
        var choices = way.putArray("choices");
        choices.add(end(
                        "KUBE-SEP-YIL6JZP7A3QYXJU2",
                        "10.244.0.5",
                        "-m statistic --mode random --probability 0.50000000000 ")
                .put("share", "1/2"));
        choices.addObject()
                .put("share", "1/2")
                .putArray("choices")
                .add(end("KUBE-SEP-6E7XQMQ4RAYOWTTM", "10.244.2.21", "").put("share", "1"));
        return answer;
    }

    private static ObjectNode end(String chain, String address, String condition) {
        var way = object("{}");
        way.putArray("steps")
                .add(step("OUTPUT", SERVICE_CHAIN, condition + "-j " + chain))
                .add(step("OUTPUT", chain, "-p udp -m udp -j DNAT --to-destination " + address + ":53"))
                .add(step(
                        "POSTROUTING",
                        "POSTROUTING",
                        "-m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING"))
                .add(step("POSTROUTING", "KUBE-POSTROUTING", "-j MASQUERADE --random-fully"));
        way.set("end", outcome(address));
        return way;
    }

    private static ObjectNode outcome(String address) {
        return object("{\"fate\":\"SENT\",\"masqueraded\":true}")
                .put("to", address + ":53")
                .put("text", "DNAT to " + address + ":53, masqueraded");
    }

    private static ObjectNode step(String hook, String chain, String rule) {
        return object("{\"table\":\"nat\"}")
                .put("hook", hook)
                .put("chain", chain)
                .put("rule", "-A " + chain + " " + rule);
    }
}
