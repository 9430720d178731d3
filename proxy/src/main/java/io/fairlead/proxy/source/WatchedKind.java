package io.fairlead.proxy.source;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A kind of objects to list and watch.
 *
 * @param objectKind what an item of its list is
 * @param path with the selectors, up to where further parameters follow
 * @param required whether a server that does not have the kind, or does not show it to us, is waited for
 */
record WatchedKind(ClusterSource.Kind kind, String objectKind, String path, boolean required) {

    static WatchedKind services() {
        return new WatchedKind(
                ClusterSource.Kind.SERVICES,
                ObjectDraft.SERVICE,
                "/api/v1/services?labelSelector=" + encoded("!service.kubernetes.io/service-proxy-name")
                        + "&fieldSelector=" + encoded("spec.clusterIP!=None"),
                true);
    }

    static WatchedKind slices() {
        return new WatchedKind(
                ClusterSource.Kind.ENDPOINT_SLICES,
                ObjectDraft.SLICE,
                "/apis/discovery.k8s.io/v1/endpointslices?labelSelector=" + encoded("!service.kubernetes.io/headless"),
                true);
    }

    static WatchedKind node(String name) {
        return new WatchedKind(
                ClusterSource.Kind.NODE,
                ObjectDraft.NODE,
                "/api/v1/nodes?fieldSelector=" + encoded("metadata.name=" + name),
                true);
    }

    /** Servers before Kubernetes 1.31 have none. */
    static WatchedKind serviceCidrs() {
        return new WatchedKind(
                ClusterSource.Kind.SERVICE_CIDRS,
                ObjectDraft.SERVICE_CIDR,
                "/apis/networking.k8s.io/v1/servicecidrs?",
                false);
    }

    String listPath(int limit, String continueToken) {
        return path + "&limit=" + limit + (continueToken.isEmpty() ? "" : "&continue=" + encoded(continueToken));
    }

    String watchPath(String resourceVersion, int timeoutSeconds) {
        return path + "&watch=true&allowWatchBookmarks=true&timeoutSeconds=" + timeoutSeconds + "&resourceVersion="
                + encoded(resourceVersion);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** {@code Service}, {@code EndpointSlice} and so on, for log lines. */
    @Override
    public String toString() {
        return objectKind;
    }
}
