package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.NodeName;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.events.Event;
import io.fairlead.proxy.events.EventRecorder;
import io.fairlead.proxy.inspect.ConnectionCollector;
import io.fairlead.proxy.inspect.Inspection;
import io.fairlead.proxy.inspect.Leftover;
import io.fairlead.proxy.metrics.About;
import io.fairlead.proxy.metrics.Scrape;
import io.fairlead.proxy.node.ConntrackSysctls;
import io.fairlead.proxy.node.NodeWatch;
import io.fairlead.proxy.node.OomScore;
import io.fairlead.proxy.source.ApiSource;
import io.fairlead.proxy.source.ClusterSource;
import io.fairlead.proxy.source.ManifestException;
import io.fairlead.proxy.source.ManifestSource;
import io.fairlead.proxy.sync.NodeWait;
import io.fairlead.proxy.sync.SyncListener;
import io.fairlead.proxy.sync.SyncListeners;
import io.fairlead.proxy.sync.SyncLoop;
import io.fairlead.proxy.sync.SyncSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs the daemon, or one sync. */
final class ProxyRunner {

    private static final Logger log = LoggerFactory.getLogger(ProxyRunner.class);

    /** How long an end waits for the event that says why. */
    private static final Duration LAST_EVENT = Duration.ofSeconds(10);

    private final ProxyInvocation invocation;
    private final Families families;
    private final SyncReport report;
    private final Scrape scrape;
    private final CheckPlaces checkPlaces;
    private final Servers servers;
    private final StaleFlows staleFlows;
    private final Optional<InspectServer> inspect;
    private final CompletableFuture<List<SyncLoop.Family>> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private Optional<EventRecorder> events = Optional.empty();
    private final AtomicReference<Optional<Node>> startNode = new AtomicReference<>(Optional.empty());

    private ProxyRunner(ProxyInvocation invocation, About about, Families families) {
        this.invocation = invocation;
        this.families = families;
        report = new SyncReport(invocation.config().syncPeriod(), this::rulesMended);
        scrape = new Scrape(invocation.config(), about);
        checkPlaces = new CheckPlaces(invocation.config());
        servers = new Servers(invocation, about, scrape, checkPlaces, this::checkFailed);
        inspect = opensPorts() ? InspectServer.of(invocation, this::leftovers) : Optional.empty();
        staleFlows = new StaleFlows(families.predecessors(), new KernelFacts(), this::flowsReconciled);
    }

    /**
     * Runs until told to stop, or until one sync has been verified.
     *
     * @return the exit status
     */
    static int run(ProxyInvocation invocation, About about, Optional<ConfigWatch> watch)
            throws StartException, ManifestException, InterruptedException {
        return new ProxyRunner(invocation, about, families(invocation)).run(watch);
    }

    private static Families families(ProxyInvocation invocation) throws StartException {
        var runner = new ProcessCommandRunner();
        var families = Families.probe(invocation.config().proxyMode(), runner, new KernelFacts());
        families.iptablesBackend().ifPresent(backend -> OtherBackend.look(backend, runner));
        return families;
    }

    private int run(Optional<ConfigWatch> watch) throws StartException, ManifestException, InterruptedException {
        var source = source();
        var loop = new SyncLoop(settings(), this::start, listener());
        try (staleFlows;
                source;
                loop;
                servers) {
            if (opensPorts()) {
                servers.start(this::endOnListenFailure);
            }
            var node = new SourceObserver(loop, this::endForNewPodCidrs);
            if (fromCluster()) {
                node.starting();
            }
            source.start(node);
            awaitStart();
            if (invocation.initOnly()) {
                return initialized();
            }
            if (invocation.once()) {
                return verifyFirstSync();
            }
            node.watch(nodeWatch());
            watch.ifPresent(file -> file.start(this::endForNewConfiguration));
            OomScore.apply(Path.of("/proc"), invocation.config().oomScoreAdj());
            VersionCommand.log(invocation.reportedVersion());
            events.ifPresent(recorder -> recorder.record(Event.starting()));
            var _ = report.firstSync().thenRun(() -> HeapKeeper.start(Thread.ofVirtual()));
            var _ = report.firstSync().thenRun(() -> inspect.ifPresent(this::startInspection));
            return awaitEnd(source, loop);
        } finally {
            inspect.ifPresent(InspectServer::close);
        }
    }

    private ClusterSource source() throws ManifestException, StartException {
        if (!invocation.manifests().isEmpty()) {
            return invocation.once()
                    ? OnceManifests.read(invocation.manifests(), invocation.nodeName())
                    : new ManifestSource(invocation.manifests(), invocation.nodeName());
        }
        var client = ApiSources.client(invocation, scrape.api());
        events = Optional.of(new EventRecorder(client, invocation.nodeName(), NodeName.ofMachine()));
        return new ApiSource(client, invocation.nodeName(), invocation.config().proxyMode() == ProxyMode.NFTABLES);
    }

    /** What ends by itself needs no ports, and must not take those of a daemon that runs. */
    private boolean opensPorts() {
        return !invocation.once() && !invocation.initOnly();
    }

    private SyncListener listener() {
        var all = new ArrayList<SyncListener>();
        if (opensPorts()) {
            all.addAll(servers.listeners());
        }
        all.add(report);
        all.add(staleFlows);
        if (opensPorts()) {
            all.add(new OtherModeRemoval(families, started::resultNow, staleFlows::lookAgain));
        }
        inspect.map(InspectServer::listener).ifPresent(all::add);
        return new SyncListeners(all);
    }

    private void flowsReconciled(IpFamily family, Duration duration, int deleted) {
        scrape.proxy().conntrackReconciled(family.toString(), duration.toNanos() / 1e9, deleted);
    }

    private void rulesMended(IpFamily family, List<String> what) {
        events.ifPresent(recorder -> recorder.record(Event.rulesMended(family.toString(), what)));
    }

    private void checkFailed(NamespacedName service, int port, IOException failure) {
        var error = String.valueOf(failure.getMessage());
        events.ifPresent(recorder ->
                recorder.record(Event.serviceHealthCheckFailed(invocation.nodeName(), service, port, error)));
    }

    /** bindAddressHardFail: whoever set it wants the process to end rather than run unseen. */
    private void endOnListenFailure(Event event, IOException failure) {
        log.atError().addKeyValue("err", failure).log("Ending: bindAddressHardFail is set");
        events.ifPresent(recorder -> recorder.recordWithin(LAST_EVENT, event));
        LogStreams.flush();
        Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
    }

    private SyncSettings settings() {
        var config = invocation.config();
        return new SyncSettings(
                invocation.nodeName(),
                config.minSyncPeriod(),
                config.syncPeriod(),
                SyncSettings.FULL_SYNC_PERIOD,
                nodeWait());
    }

    private NodeWait nodeWait() {
        if (!fromCluster()) {
            return NodeWait.NONE;
        }
        return StartChecks.needsPodCidrs(invocation.config()) ? NodeWait.FOR_POD_CIDRS : NodeWait.FOR_ADDRESSES;
    }

    private boolean fromCluster() {
        return invocation.manifests().isEmpty();
    }

    private List<SyncLoop.Family> start(Optional<Node> node) {
        startNode.set(node);
        try {
            StartChecks.run(invocation, node, fromCluster(), families.supported(), ConntrackSysctls.ofThisMachine());
            var set = families.start(invocation.config(), invocation.nodeName(), node);
            checkPlaces.nodeIs(node);
            staleFlows.awaitPredecessors();
            inspect.ifPresent(server -> server.writing(inspected(set)));
            started.complete(set);
            return invocation.initOnly() ? List.of() : set;
        } catch (StartException e) {
            started.completeExceptionally(e);
            return List.of();
        }
    }

    private static List<Inspection.Family> inspected(List<SyncLoop.Family> written) {
        return written.stream()
                .map(family -> new Inspection.Family(
                        family.dataplane(), RulesTracer.of(family.dataplane(), InspectServer::machine)))
                .toList();
    }

    private void startInspection(InspectServer server) {
        if (invocation.serviceCounters() > 0) {
            server.countTraffic(invocation.serviceCounters());
            scrape.show(new ConnectionCollector(server.inspection(), invocation.serviceCounters()));
        }
        server.start();
    }

    private List<Leftover> leftovers() {
        return Leftovers.look(invocation.config().proxyMode(), families.iptablesBackend(), new ProcessCommandRunner());
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
            families.removeOtherMode();
            return CommandLine.ExitCode.OK;
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new StartException(String.valueOf(cause.getMessage()), cause);
        } catch (DataplaneException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private int initialized() {
        families.supported()
                .forEach(family -> log.atInfo()
                        .addKeyValue("ipFamily", family)
                        .log("System initialized and --init-only specified"));
        return CommandLine.ExitCode.OK;
    }

    private NodeWatch nodeWatch() {
        boolean podCidrsMatter = fromCluster() && StartChecks.needsPodCidrs(invocation.config());
        return new NodeWatch(invocation.nodeName(), startNode.get(), podCidrsMatter);
    }

    private void endForNewPodCidrs() {
        ended.complete(CommandLine.ExitCode.SOFTWARE);
    }

    private void endForNewConfiguration() {
        ended.completeExceptionally(new StartException("content of the proxy server's configuration file was updated"));
    }

    /**
     * Ends on SIGTERM or SIGINT with status 0 and leaves the rules in place: traffic goes on while we are replaced. Ends by
     * itself when what the rules were set up for has changed.
     */
    private int awaitEnd(ClusterSource source, SyncLoop loop) throws StartException, InterruptedException {
        var onSignal = new Thread(() -> {
            log.info("Stopping; the rules stay in place");
            loop.close();
            source.close();
            LogStreams.flush();
            Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
        });
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            int status = ended.get();
            Runtime.getRuntime().removeShutdownHook(onSignal);
            return status;
        } catch (ExecutionException e) {
            Runtime.getRuntime().removeShutdownHook(onSignal);
            log.atError().addKeyValue("err", e.getCause()).log("Error running ProxyServer");
            throw new StartException(
                    String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage()), e);
        }
    }
}
