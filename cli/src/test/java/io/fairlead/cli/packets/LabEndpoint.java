package io.fairlead.cli.packets;

import io.fairlead.lab.net.LabPod;
import io.fairlead.netfilter.ip.IpFamily;

/**
 * One endpoint of a Service.
 *
 * @param zone that it is hinted for; empty for no hint
 */
record LabEndpoint(LabPod pod, State state, String zone) {

    enum State {
        READY(true, true, false),
        /** On its way out and still answering. */
        SERVING_TERMINATING(false, true, true),
        /** On its way out and silent. */
        TERMINATING(false, false, true);

        private final String conditions;

        State(boolean ready, boolean serving, boolean terminating) {
            conditions = """
                    {"ready":%s,"serving":%s,"terminating":%s}""".formatted(ready, serving, terminating);
        }
    }

    static LabEndpoint ready(LabPod pod) {
        return new LabEndpoint(pod, State.READY, "");
    }

    static LabEndpoint of(LabPod pod, State state) {
        return new LabEndpoint(pod, state, "");
    }

    static LabEndpoint hinted(LabPod pod, String zone) {
        return new LabEndpoint(pod, State.READY, zone);
    }

    String json(IpFamily family) {
        String hints = zone.isEmpty() ? "" : ",\"hints\":{\"forZones\":[{\"name\":\"" + zone + "\"}]}";
        return """
                {"addresses":["%s"],"nodeName":"%s","conditions":%s%s}""".formatted(pod.address(family), pod.node().name(), state.conditions, hints);
    }
}
