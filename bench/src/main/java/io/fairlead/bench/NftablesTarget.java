package io.fairlead.bench;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.nftables.NftSettings;
import io.fairlead.proxy.nftables.NftablesDataplane;
import io.fairlead.proxy.nftables.NftablesKernel;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Our dataplane on an empty network namespace, IPv4. */
final class NftablesTarget implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final IpAddress NODE = IpAddress.parse("192.0.2.1");

    private final NetworkNamespace namespace = NetworkNamespace.create("nftables");
    private final NftablesDataplane dataplane;

    /** It listens to others' changes, as the daemon does. */
    NftablesTarget() throws IOException {
        try {
            dataplane = namespace.call(() -> {
                var nodeIps = NodeIps.detect("", List.of(NODE));
                var settings =
                        NftSettings.of(ProxyConfig.DEFAULT.withPlatformDefaults(), nodeIps, List.of(), IpFamily.IPV4);
                return new NftablesKernel().dataplane(settings, () -> List.of(NODE));
            });
            dataplane.watch(() -> {});
        } catch (IOException | RuntimeException | Error e) {
            namespace.close();
            throw e;
        }
    }

    /** One sync, full or of what changed. */
    Effort sync(RoutingTable table, Set<NamespacedName> changed, boolean full) throws Exception {
        return namespace.call(() -> Effort.of(() -> dataplane.apply(table, changed, full)));
    }

    /**
     * Tries for a while: as long as the kernel rearranges a map that has grown a lot, a listing of it may leave elements out.
     *
     * @throws IOException when the kernel holds anything else
     */
    void verify(RoutingTable table) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var findings = audit(table);
        while (!findings.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the kernel does not hold what was written: %,d differences, the first is %s"
                        .formatted(findings.size(), findings.getFirst()));
            }
            TimeUnit.MILLISECONDS.sleep(500);
            findings = audit(table);
        }
    }

    private List<Finding> audit(RoutingTable table) throws DataplaneException {
        var findings = new ArrayList<Finding>();
        namespace.call(() -> {
            dataplane.audit(table, findings::add);
            return true;
        });
        return findings;
    }

    /** The rules go, too: the dataplane's socket would keep them for as long as this process lives. */
    @Override
    public void close() throws IOException {
        try (namespace) {
            namespace.call(() -> NftablesKernel.removeTable(IpFamily.IPV4));
        }
    }
}
