package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.config.HostPort;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.events.Event;
import io.fairlead.proxy.health.HealthListener;
import io.fairlead.proxy.health.HealthPages;
import io.fairlead.proxy.health.ProxyHealth;
import io.fairlead.proxy.health.ServiceHealthChecks;
import io.fairlead.proxy.http.PageServer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.metrics.About;
import io.fairlead.proxy.metrics.MetricsPages;
import io.fairlead.proxy.metrics.Scrape;
import io.fairlead.proxy.metrics.SyncMetrics;
import io.fairlead.proxy.sync.SyncListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The daemon's ports: its health, its metrics, and the health checks of Services. */
final class Servers implements AutoCloseable {

    private static final PageServer.Purpose HEALTH = new PageServer.Purpose("proxy healthz", "Healthz server failed");
    private static final PageServer.Purpose METRICS =
            new PageServer.Purpose("metrics server", "starting metrics server failed");

    private final ProxyConfig config;
    private final List<PageServer> servers = new ArrayList<>();
    private final ServiceHealthChecks checks;
    private final List<SyncListener> listeners;

    /** @param checkFailures told of health checks of Services that cannot listen, which are logged anyway */
    Servers(
            ProxyInvocation invocation,
            About about,
            Scrape scrape,
            CheckPlaces places,
            ServiceHealthChecks.FailureListener checkFailures) {
        config = invocation.config();
        var clock = InstantSource.system();
        // Files need not hold a Node; then no Node can say that it is leaving.
        var health = new ProxyHealth(
                clock,
                System::nanoTime,
                config.syncPeriod().multipliedBy(2),
                !invocation.manifests().isEmpty());
        checks = new ServiceHealthChecks(places::of, health::healthy, checkFailures);
        listeners = List.of(new HealthListener(health, checks), new SyncMetrics(scrape.proxy(), clock));
        var healthPages = new HealthPages(health, (probe, status) -> {
            switch (probe) {
                case HEALTHZ -> scrape.proxy().healthzAnswered(status);
                case LIVEZ -> scrape.proxy().livezAnswered(status);
            }
        });
        var metricsPages = new MetricsPages(config, about, scrape, clock, LogSetup::verbosity);
        add(HEALTH, config.healthzBindAddress(), healthPages);
        add(METRICS, config.metricsBindAddress(), metricsPages);
    }

    /** What the loop has to tell. */
    List<SyncListener> listeners() {
        return listeners;
    }

    /** Told that a port cannot be opened when the configuration says that this ends the process. */
    interface ListenFailure {
        void end(Event event, IOException failure);
    }

    /** Binds in the background; {@code fatal} gets the failure when the configuration says that it is one. */
    void start(ListenFailure fatal) {
        for (var server : servers) {
            server.start(
                    config.bindAddressHardFail()
                            ? Optional.of(failure -> fatal.end(event(server, failure), failure))
                            : Optional.empty());
        }
    }

    private static Event event(PageServer server, IOException failure) {
        var error = String.valueOf(failure.getMessage());
        return server.purpose().equals(HEALTH) ? Event.healthServerFailed(error) : Event.metricsServerFailed(error);
    }

    /** An empty address means no server. */
    private void add(PageServer.Purpose purpose, String address, Pages pages) {
        HostPort.split(address)
                .map(place -> new InetSocketAddress(
                        IpAddress.parse(place.host()).toInetAddress(),
                        HostPort.parsePort(place.port()).orElseThrow()))
                .ifPresent(place -> servers.add(new PageServer(purpose, place, pages)));
    }

    @Override
    public void close() {
        servers.forEach(PageServer::close);
        checks.close();
    }
}
