package io.fairlead.bench;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.Nftables;
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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Our dataplane on an empty network namespace, IPv4. */
final class NftablesTarget implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final IpAddress NODE = IpAddress.parse("192.0.2.1");

    private final NetworkNamespace namespace = NetworkNamespace.create("nftables");
    private final NftablesDataplane dataplane;
    private final BlockingQueue<Boolean> disturbed = new ArrayBlockingQueue<>(1);

    /** It listens to others' changes, as the daemon does. */
    NftablesTarget() throws IOException {
        try {
            dataplane = namespace.call(() -> {
                var nodeIps = NodeIps.detect("", List.of(NODE));
                var settings =
                        NftSettings.of(ProxyConfig.DEFAULT.withPlatformDefaults(), nodeIps, List.of(), IpFamily.IPV4);
                return new NftablesKernel().dataplane(settings, () -> List.of(NODE));
            });
            dataplane.watch(() -> disturbed.offer(true));
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
     * Somebody else changes the table, and it is mended when that is heard of.
     *
     * @return nanoseconds from the end of the other's transaction to the end of ours
     * @throws IOException when it is not heard of, or nothing had to be mended
     */
    long disturbAndMend(Transaction change, RoutingTable table) throws Exception {
        disturbed.clear();
        return namespace.call(() -> {
            try (var somebody = Nftables.open()) {
                somebody.commit(change);
                long begin = System.nanoTime();
                if (disturbed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS) == null) {
                    throw new IOException("somebody else's change was not heard of");
                }
                var result = dataplane.apply(table, Set.of(), false);
                if (!result.drifted()) {
                    throw new IOException("somebody else's change was not seen");
                }
                return System.nanoTime() - begin;
            }
        });
    }

    /** @throws IOException when the kernel holds anything else */
    void verify(RoutingTable table) throws Exception {
        var findings = audit(table);
        if (!findings.isEmpty()) {
            throw new IOException("the kernel does not hold what was written: %,d differences, the first is %s"
                    .formatted(findings.size(), findings.getFirst()));
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
