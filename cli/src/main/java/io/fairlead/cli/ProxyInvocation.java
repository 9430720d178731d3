package io.fairlead.cli;

import io.fairlead.proxy.config.ProxyConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code fairlead proxy} was asked to do.
 *
 * @param config validated
 * @param manifests files or directories in place of a cluster; empty for a cluster
 * @param once sync once, verify, and end
 * @param initOnly make the kernel settings that need privileges, and end
 * @param reportedVersion the release of Kubernetes to report
 * @param master URL of the API server; beats the kubeconfig's
 * @param inspect where the inspection server listens; empty for none
 * @param serviceCounters of how many endpoints traffic is counted one by one; 0 when nothing is counted
 */
public record ProxyInvocation(
        ProxyConfig config,
        String nodeName,
        List<Path> manifests,
        boolean once,
        boolean initOnly,
        String reportedVersion,
        Optional<String> master,
        Optional<InetSocketAddress> inspect,
        int serviceCounters) {

    public ProxyInvocation {
        manifests = List.copyOf(manifests);
    }
}
