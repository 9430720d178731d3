package io.fairlead.proxy.health;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.sync.SyncListener;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Carries what the loop does into what is said about it: only what the kernel has accepted counts. */
public final class HealthListener implements SyncListener {

    private final ProxyHealth health;
    private final ServiceHealthChecks checks;
    private final Map<IpFamily, LocalEndpoints> endpoints = new EnumMap<>(IpFamily.class);

    public HealthListener(ProxyHealth health, ServiceHealthChecks checks) {
        this.health = health;
        this.checks = checks;
    }

    @Override
    public void starting(Set<IpFamily> families) {
        health.expect(families);
    }

    @Override
    public void changed(ClusterImage before, List<ClusterChange> changes) {
        for (var change : changes) {
            if (change instanceof ClusterChange.NodeSet(var node)) {
                health.node(node);
            }
        }
    }

    @Override
    public void queued(IpFamily family) {
        health.queued(family);
    }

    @Override
    public void synced(
            IpFamily family, RoutingTable applied, Set<NamespacedName> changed, SyncResult result, Duration duration) {
        health.updated(family);
        var own = endpoints.computeIfAbsent(family, _ -> new LocalEndpoints());
        own.update(applied, changed);
        checks.services(family, own.ports());
        checks.endpoints(family, own.ready());
    }
}
