package io.fairlead.proxy.metrics;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the program says of itself.
 *
 * @param version its own
 * @param follows the release of Kubernetes whose kube-proxy it stands in for, {@code v1.36.2}
 * @param flags all command-line flags by name, without dashes, with the values in force
 */
public record About(String version, String follows, Map<String, String> flags) {

    public About {
        flags = Collections.unmodifiableMap(new TreeMap<>(flags));
    }

    /** Both versions in one, as semantic versioning has it: {@code v1.36.2+fairlead.0.1.0}. */
    String gitVersion() {
        return follows + (follows.contains("+") ? "." : "+") + "fairlead."
                + version.replaceAll("[^0-9A-Za-z.-]+", "-").replaceAll("^-|-$", "");
    }
}
