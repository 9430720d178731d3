package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One write to the kernel, or one that failed.
 *
 * @param number counts from 1 since the process began
 * @param services some of those it was about
 * @param serviceCount how many it was about
 * @param full the kernel was compared as a whole
 * @param drifted the kernel did not hold what had been written to it
 * @param micros how long it took
 * @param failure empty when it succeeded
 */
record Change(
        long number,
        Instant at,
        IpFamily family,
        List<NamespacedName> services,
        int serviceCount,
        boolean full,
        boolean drifted,
        int rulesWritten,
        int rulesDeleted,
        int chainsDeleted,
        long micros,
        String failure) {

    /** Of more Services the names are not kept. */
    static final int NAMES = 8;

    Change {
        services = List.copyOf(services);
    }

    Map<String, ?> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("number", number);
        json.put("at", at.toString());
        json.put("family", family.toString());
        json.put("services", services.stream().map(NamespacedName::toString).toList());
        json.put("serviceCount", serviceCount);
        json.put("full", full);
        json.put("drifted", drifted);
        json.put("rulesWritten", rulesWritten);
        json.put("rulesDeleted", rulesDeleted);
        json.put("chainsDeleted", chainsDeleted);
        json.put("micros", micros);
        json.put("failure", failure);
        return json;
    }

    String text() {
        var names = String.join(
                ", ", services.stream().map(NamespacedName::toString).toList());
        var what = failure.isEmpty()
                ? "+" + rulesWritten + " −" + rulesDeleted + " rules"
                        + (chainsDeleted == 0 ? "" : ", −" + chainsDeleted + " chains")
                : "FAILED: " + failure;
        return Printable.of("%s %s %s%s, %.1f ms%s%s"
                .formatted(
                        at,
                        family,
                        full ? "full: " : "",
                        what,
                        micros / 1e3,
                        drifted ? ", the kernel had drifted" : "",
                        serviceCount == 0
                                ? ""
                                : ": " + names
                                        + (serviceCount > services.size()
                                                ? " and " + (serviceCount - services.size()) + " more"
                                                : "")));
    }
}
