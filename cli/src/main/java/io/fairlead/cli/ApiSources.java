package io.fairlead.cli;

import io.fairlead.proxy.source.ClusterSource;
import java.util.List;

/** Opens the cluster's API. */
final class ApiSources {

    private ApiSources() {}

    static ClusterSource open(ProxyInvocation invocation) throws StartException {
        if (invocation.manifests().isEmpty()) {
            throw new StartException("not assembled");
        }
        return new OnceManifests(List.of());
    }
}
