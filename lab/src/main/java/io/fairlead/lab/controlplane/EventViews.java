package io.fairlead.lab.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ResourceAlias;
import io.fairlead.lab.apiserver.ResourceTypes;
import java.util.Map;

/** Events of events.k8s.io/v1 are core Events under other names. */
final class EventViews {

    // core name → events.k8s.io name
    private static final Map<String, String> RENAMED = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "reportingComponent", "reportingController",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount");

    private EventViews() {}

    static ResourceAlias alias() {
        return new ResourceAlias(ResourceTypes.NEW_EVENTS, ResourceTypes.EVENTS, EventViews::show, EventViews::store);
    }

    private static ObjectNode show(ObjectNode event) {
        RENAMED.forEach((core, shown) -> rename(event, core, shown));
        return event;
    }

    private static ObjectNode store(ObjectNode event) {
        RENAMED.forEach((core, shown) -> rename(event, shown, core));
        return event;
    }

    private static void rename(ObjectNode event, String from, String to) {
        var value = event.remove(from);
        if (value != null) {
            event.set(to, value);
        }
    }
}
