package io.fairlead.lab.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What kubeadm and flannel put into a new cluster: DNS, a proxy on every node, and the pods that one sees of the control plane
 * and the pod network. These are the lab's own doing, so theirs run nothing and say so in their logs.
 */
final class SystemObjects {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SystemObjects() {}

    static ObjectNode dnsService() {
        return parse("""
                {"apiVersion": "v1", "kind": "Service",
                 "metadata": {"namespace": "kube-system", "name": "kube-dns",
                  "labels": {"k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"},
                  "annotations": {"prometheus.io/port": "9153", "prometheus.io/scrape": "true"}},
                 "spec": {"type": "ClusterIP", "clusterIP": "%s", "selector": {"k8s-app": "kube-dns"},
                  "ports": [{"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
                            {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
                            {"name": "metrics", "port": 9153, "protocol": "TCP", "targetPort": 9153}]}}
                """.formatted(ClusterPlan.DNS_ADDRESS));
    }

    static ObjectNode dnsDeployment(int replicas) {
        return parse("""
                {"apiVersion": "apps/v1", "kind": "Deployment",
                 "metadata": {"namespace": "kube-system", "name": "coredns", "labels": {"k8s-app": "kube-dns"}},
                 "spec": {"replicas": %d, "selector": {"matchLabels": {"k8s-app": "kube-dns"}},
                  "template": {"metadata": {"labels": {"k8s-app": "kube-dns"}},
                   "spec": {"containers": [{"name": "coredns", "image": "coredns",
                     "ports": [{"name": "dns", "containerPort": 53, "protocol": "UDP"},
                               {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
                               {"name": "metrics", "containerPort": 9153, "protocol": "TCP"}],
                     "readinessProbe": {"httpGet": {"path": "/ready", "port": 8181}, "periodSeconds": 1}}]}}}}
                """.formatted(replicas));
    }

    static ObjectNode proxyPod(String node) {
        return parse("""
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"namespace": "kube-system", "generateName": "kube-proxy-",
                  "labels": {"k8s-app": "kube-proxy"}},
                 "spec": {"nodeName": "%s", "hostNetwork": true, "priorityClassName": "system-node-critical",
                  "tolerations": [{"operator": "Exists"}],
                  "containers": [{"name": "kube-proxy", "image": "fairlead",
                    "readinessProbe": {"httpGet": {"path": "/healthz", "port": 10256}, "periodSeconds": 1}}]}}
                """.formatted(node));
    }

    /** On the first node. */
    static List<ObjectNode> controlPlanePods(String node) {
        return Stream.of(
                        Map.entry("etcd", "the objects it keeps in memory"),
                        Map.entry("kube-apiserver", "its API server"),
                        Map.entry("kube-controller-manager", "its controllers"),
                        Map.entry("kube-scheduler", "its scheduler"))
                .map(part -> {
                    var pod = standIn(node, part.getKey(), part.getValue());
                    pod.withObject("/metadata").put("name", part.getKey() + "-" + node);
                    return pod;
                })
                .toList();
    }

    /** On every node. */
    static ObjectNode networkPod(String node) {
        var pod = standIn(node, "kube-flannel", "the routes between pods of different nodes and flannel's rules");
        pod.withObject("/metadata").put("generateName", "kube-flannel-ds-");
        return pod;
    }

    private static ObjectNode standIn(String node, String part, String what) {
        return parse("""
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"namespace": "kube-system", "labels": {"component": "%s"}},
                 "spec": {"nodeName": "%s", "hostNetwork": true, "priorityClassName": "system-node-critical",
                  "tolerations": [{"operator": "Exists"}],
                  "containers": [{"name": "%s", "image": "fairlead-lab", "args": ["%s"]}]}}
                """.formatted(part, node, part, what));
    }

    private static ObjectNode parse(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an object of our own", e);
        }
    }
}
