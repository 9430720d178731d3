package io.fairlead.lab.apiserver;

import java.util.List;
import java.util.Locale;

/**
 * A kind of object and where it is served.
 *
 * @param group empty for the core group
 * @param plural the lower-case name in paths, such as {@code endpointslices}
 * @param hasStatus status is a subresource: plain writes leave it alone, writes to {@code /status} change nothing else
 */
public record ResourceType(
        String group,
        String version,
        String plural,
        String kind,
        boolean namespaced,
        boolean hasStatus,
        List<String> shortNames) {

    public ResourceType {
        shortNames = List.copyOf(shortNames);
    }

    public static ResourceType namespaced(String apiVersion, String plural, String kind, String... shortNames) {
        return of(apiVersion, plural, kind, true, List.of(shortNames));
    }

    public static ResourceType clusterScoped(String apiVersion, String plural, String kind, String... shortNames) {
        return of(apiVersion, plural, kind, false, List.of(shortNames));
    }

    private static ResourceType of(
            String apiVersion, String plural, String kind, boolean namespaced, List<String> shortNames) {
        int slash = apiVersion.indexOf('/');
        return new ResourceType(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                plural,
                kind,
                namespaced,
                false,
                shortNames);
    }

    /** The same type, with a status subresource. */
    public ResourceType withStatus() {
        return new ResourceType(group, version, plural, kind, namespaced, true, shortNames);
    }

    /** {@code v1}, {@code discovery.k8s.io/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public String singular() {
        return kind.toLowerCase(Locale.ROOT);
    }

    /** Whether it has replicas that can be set through {@code scale}. */
    public boolean isScalable() {
        return group.equals("apps") && (kind.equals("Deployment") || kind.equals("ReplicaSet"));
    }

    /** As errors name it: {@code services}, {@code deployments.apps}. */
    public String qualifiedPlural() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** The path of all objects of this type: {@code /api/v1/services}, {@code /apis/apps/v1/deployments}. */
    public String path() {
        return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion() + "/" + plural;
    }
}
