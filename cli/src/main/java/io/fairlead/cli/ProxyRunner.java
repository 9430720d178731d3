package io.fairlead.cli;

import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.metrics.About;
import io.fairlead.proxy.metrics.Scrape;
import io.fairlead.proxy.node.Sysctls;
import io.fairlead.proxy.source.ClusterSource;
import io.fairlead.proxy.source.ManifestException;
import io.fairlead.proxy.source.ManifestSource;
import io.fairlead.proxy.sync.SyncListener;
import io.fairlead.proxy.sync.SyncListeners;
import io.fairlead.proxy.sync.SyncLoop;
import io.fairlead.proxy.sync.SyncSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs the daemon, or one sync. */
final class ProxyRunner {

    private static final Logger log = LoggerFactory.getLogger(ProxyRunner.class);

    private final ProxyInvocation invocation;
    private final IptablesFamilies families;
    private final SyncReport report;
    private final Scrape scrape;
    private final CheckPlaces checkPlaces;
    private final Servers servers;
    private final CompletableFuture<List<SyncLoop.Family>> started = new CompletableFuture<>();

    private ProxyRunner(ProxyInvocation invocation, About about, IptablesFamilies families) {
        this.invocation = invocation;
        this.families = families;
        report = new SyncReport(invocation.config().syncPeriod());
        scrape = new Scrape(invocation.config(), about);
        checkPlaces = new CheckPlaces(invocation.config());
        servers = new Servers(invocation, about, scrape, checkPlaces);
    }

    /**
     * Runs until told to stop, or until one sync has been verified.
     *
     * @return the exit status
     */
    static int run(ProxyInvocation invocation, About about)
            throws StartException, ManifestException, InterruptedException {
        if (invocation.config().proxyMode() == ProxyMode.NFTABLES) {
            throw new StartException("mode nftables is not available yet; use --proxy-mode=iptables");
        }
        var families = IptablesFamilies.probe(new ProcessCommandRunner(), Sysctls.ofThisMachine(), new KernelFacts());
        return new ProxyRunner(invocation, about, families).run();
    }

    private int run() throws StartException, ManifestException, InterruptedException {
        var source = source();
        var loop = new SyncLoop(settings(), this::start, listener());
        try (source;
                loop;
                servers) {
            if (!invocation.once()) {
                servers.start(this::endOnListenFailure);
            }
            source.start(loop);
            awaitStart();
            if (invocation.once()) {
                return verifyFirstSync();
            }
            return awaitSignal(source, loop);
        }
    }

    private ClusterSource source() throws ManifestException, StartException {
        if (!invocation.manifests().isEmpty()) {
            return invocation.once()
                    ? OnceManifests.read(invocation.manifests(), invocation.nodeName())
                    : new ManifestSource(invocation.manifests(), invocation.nodeName());
        }
        return ApiSources.open(invocation, scrape.api());
    }

    /** One sync needs no ports, and must not take those of a daemon that runs. */
    private SyncListener listener() {
        if (invocation.once()) {
            return report;
        }
        var all = new ArrayList<SyncListener>(servers.listeners());
        all.add(report);
        return new SyncListeners(all);
    }

    /** bindAddressHardFail: whoever set it wants the process to end rather than run unseen. */
    private void endOnListenFailure(IOException failure) {
        log.atError().addKeyValue("err", failure).log("Ending: bindAddressHardFail is set");
        Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
    }

    private SyncSettings settings() {
        var config = invocation.config();
        return new SyncSettings(
                invocation.nodeName(),
                config.minSyncPeriod(),
                config.syncPeriod(),
                SyncSettings.FULL_SYNC_PERIOD,
                invocation.manifests().isEmpty() ? SyncSettings.NODE_WAIT : Duration.ZERO);
    }

    private List<SyncLoop.Family> start(Optional<Node> node) {
        try {
            var set = families.start(invocation.config(), invocation.nodeName(), node);
            checkPlaces.nodeIs(node);
            started.complete(set);
            return set;
        } catch (StartException e) {
            started.completeExceptionally(e);
            return List.of();
        }
    }

    private void awaitStart() throws StartException, InterruptedException {
        try {
            started.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Reads the kernel back: only what is really there counts. */
    private int verifyFirstSync() throws StartException, InterruptedException {
        try {
            var applied = report.firstSync().get();
            for (var family : started.resultNow()) {
                Dataplane dataplane = family.dataplane();
                int differences = dataplane.differences(
                        Objects.requireNonNull(applied.get(dataplane.family()), "every family was synced"));
                if (differences > 0) {
                    throw new StartException("The kernel differs from what was written in " + differences
                            + " places right after the " + dataplane.family()
                            + " sync; something else on this machine changes the same rules");
                }
            }
            return CommandLine.ExitCode.OK;
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new StartException(String.valueOf(cause.getMessage()), cause);
        } catch (DataplaneException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Ends on SIGTERM or SIGINT with status 0 and leaves the rules in place: traffic goes on while we are replaced. */
    private static int awaitSignal(ClusterSource source, SyncLoop loop) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            log.info("Stopping; the rules stay in place");
            loop.close();
            source.close();
            Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
        }));
        new CountDownLatch(1).await();
        return CommandLine.ExitCode.OK;
    }
}
