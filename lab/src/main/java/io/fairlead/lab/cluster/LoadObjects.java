package io.fairlead.lab.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Objects to fill a cluster with: Services without selectors, and slices of endpoints that nobody answers for. */
public final class LoadObjects {

    public static final String NAMESPACE = "load";
    public static final String SERVICES = "/api/v1/namespaces/" + NAMESPACE + "/services";
    public static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/" + NAMESPACE + "/endpointslices";

    private static final int PORT = 80;
    private static final int TARGET_PORT = 8080;
    /** Endpoints are counted through in the upper half of the pod network: 10.244.128.0/17. */
    private static final int ADDRESSES = 128 * 256;

    private LoadObjects() {}

    public static String namespace() {
        var object = object("v1", "Namespace");
        object.withObject("/metadata").remove("namespace");
        object.withObject("/metadata").put("name", NAMESPACE);
        return object.toString();
    }

    /** @param number from 0 */
    public static String service(int number) {
        var object = object("v1", "Service");
        object.withObject("/metadata").put("name", name(number));
        object.putObject("spec")
                .putArray("ports")
                .addObject()
                .put("port", PORT)
                .put("protocol", "TCP")
                .put("targetPort", TARGET_PORT);
        return object.toString();
    }

    /** @param endpoints how many */
    public static String slice(int number, int endpoints) {
        var object = object("discovery.k8s.io/v1", "EndpointSlice");
        object.withObject("/metadata").put("name", name(number) + "-1");
        object.withObject("/metadata/labels")
                .put("kubernetes.io/service-name", name(number))
                .put("endpointslice.kubernetes.io/managed-by", "fairlead-lab-load");
        object.put("addressType", "IPv4");
        object.putArray("ports")
                .addObject()
                .put("name", "")
                .put("port", TARGET_PORT)
                .put("protocol", "TCP");
        var list = object.putArray("endpoints");
        for (int i = 0; i < endpoints; i++) {
            int address = (int) (((long) number * endpoints + i) % ADDRESSES);
            var endpoint = list.addObject();
            endpoint.putArray("addresses").add("10.244." + (128 + address / 256) + "." + address % 256);
            endpoint.putObject("conditions")
                    .put("ready", true)
                    .put("serving", true)
                    .put("terminating", false);
        }
        return object.toString();
    }

    private static String name(int number) {
        return "load-" + number;
    }

    private static ObjectNode object(String apiVersion, String kind) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
        object.putObject("metadata").put("namespace", NAMESPACE);
        return object;
    }
}
