package io.fairlead.proxy.inspect;

/** Which of a Service port's addresses a packet is sent to. */
public enum Frontend {
    CLUSTER_IP("clusterIP", "cluster IP"),
    EXTERNAL_IP("externalIP", "external IP"),
    LOAD_BALANCER("loadBalancer", "load balancer address"),
    NODE_PORT("nodePort", "node port");

    private final String key;
    private final String words;

    Frontend(String key, String words) {
        this.key = key;
        this.words = words;
    }

    String key() {
        return key;
    }

    String words() {
        return words;
    }
}
