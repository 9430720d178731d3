package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.conntrack.TrafficSource;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.EndpointCount;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers about a running daemon: from what its loop last published, and from the kernel where that is the question. */
public final class Inspection {

    private static final Logger log = LoggerFactory.getLogger(Inspection.class);

    /** One family and what there is to ask about it. */
    public record Family(Dataplane dataplane, RuleTracer tracer) {}

    private final String version;
    private final ProxyConfig config;
    private final String nodeName;
    private final LiveState live;
    private final InstantSource clock;
    private final Supplier<Collection<IpAddress>> machine;
    private final Supplier<List<Leftover>> leftovers;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile List<Family> families = List.of();
    private volatile Optional<Metering> metering = Optional.empty();

    private record Metering(TrafficSource traffic, BooleanSupplier accounting) {}

    /**
     * @param machine lists this machine's addresses
     * @param leftovers looks for rules of other service proxies
     */
    public Inspection(
            String version,
            ProxyConfig config,
            String nodeName,
            LiveState live,
            InstantSource clock,
            Supplier<Collection<IpAddress>> machine,
            Supplier<List<Leftover>> leftovers) {
        this.version = version;
        this.config = config;
        this.nodeName = nodeName;
        this.live = live;
        this.clock = clock;
        this.machine = machine;
        this.leftovers = leftovers;
    }

    /** These are written from now on. */
    public void writing(List<Family> written) {
        families = List.copyOf(written);
    }

    /**
     * Traffic is counted by this one from now on.
     *
     * @param accounting tells whether the kernel counts packets and bytes
     */
    public void metering(TrafficSource traffic, BooleanSupplier accounting) {
        metering = Optional.of(new Metering(traffic, accounting));
    }

    /** What the kernel routes by, of all families that have been written. */
    public Collection<RoutingTable> applied() {
        return tables(Optional.empty());
    }

    Report state() {
        return new Reports.State(version, config.proxyMode().toString(), nodeName, clock.instant(), live);
    }

    Report history(int limit) {
        return new Reports.Log(live.history().newest(limit));
    }

    /**
     * @param at empty for now
     * @param counted of endpoints only the numbers are told
     */
    Report services(Optional<Instant> at, Optional<NamespacedName> after, int limit, boolean counted) {
        return Reports.Services.page(tables(at), after, limit, counted);
    }

    /** @param at empty for now */
    Report service(Optional<Instant> at, NamespacedName name) {
        return Reports.Services.of(tables(at), name);
    }

    private List<RoutingTable> tables(Optional<Instant> at) {
        var tables = new ArrayList<RoutingTable>();
        for (var family : families) {
            var which = family.dataplane().family();
            at.flatMap(time -> live.history().at(time, which))
                    .or(() -> at.isPresent() ? Optional.empty() : live.applied(which))
                    .ifPresent(tables::add);
        }
        if (tables.isEmpty() && at.isPresent()) {
            throw new IllegalArgumentException("what the kernel held at " + at.get() + " is not kept; it is kept since "
                    + live.history().since().map(Instant::toString).orElse("now"));
        }
        return tables;
    }

    Explanation explain(Sender sender, Destination destination, boolean withRules) {
        var explainers = new EnumMap<IpFamily, Explainer>(IpFamily.class);
        for (var family : families) {
            live.applied(family.dataplane().family())
                    .ifPresent(table -> explainers.put(
                            table.family(), new Explainer(view(table), withRules ? family.tracer() : RuleTracer.NONE)));
        }
        return Explainer.explain(explainers, sender, destination);
    }

    private NodeView view(RoutingTable table) {
        return view(table, config);
    }

    private NodeView view(RoutingTable table, ProxyConfig under) {
        return NodeView.of(under, nodeName, live.image().node(), machine.get(), table);
    }

    /** Reads the kernel; one asker at a time, since that is work. */
    Report plan() throws DataplaneException {
        return new PlanReport(kernel());
    }

    /** What would behave differently in nftables mode. */
    Report inNftablesMode() {
        var iptables = new ArrayList<NodeView>();
        var nftables = new ArrayList<NodeView>();
        for (var table : tables(Optional.empty())) {
            iptables.add(view(table, config.inMode(ProxyMode.IPTABLES)));
            nftables.add(view(table, config.inMode(ProxyMode.NFTABLES)));
        }
        return ModeReport.of(iptables, nftables);
    }

    Report audit() throws DataplaneException {
        var views = new ArrayList<NodeView>();
        for (var family : families) {
            live.applied(family.dataplane().family()).map(this::view).ifPresent(views::add);
        }
        return new AuditReport(kernel(), leftovers.get(), views);
    }

    /** What could not be read is not counted. */
    CountsReport counts(int limit) {
        var meter = metering;
        if (meter.isPresent()) {
            try {
                return CountsReport.of(
                        meter.get().traffic().read(), meter.get().accounting().getAsBoolean(), limit);
            } catch (IOException e) {
                log.atWarn().addKeyValue("err", e).log("Could not read the traffic of Services");
            }
        }
        return countsOfRules(limit);
    }

    private CountsReport countsOfRules(int limit) {
        var all = new ArrayList<EndpointCount>();
        for (var family : families) {
            var table = live.applied(family.dataplane().family());
            if (table.isPresent()) {
                try {
                    family.dataplane().count(table.get(), all::add);
                } catch (DataplaneException e) {
                    log.atWarn().addKeyValue("err", e).log("Could not read the connections of Services");
                }
            }
        }
        return CountsReport.ofRules(all, config.proxyMode() == ProxyMode.IPTABLES, limit);
    }

    private List<KernelState> kernel() throws DataplaneException {
        reading.lock();
        try {
            var states = new ArrayList<KernelState>();
            for (var family : families) {
                var table = live.applied(family.dataplane().family());
                if (table.isPresent()) {
                    states.add(read(family.dataplane(), table.get()));
                }
            }
            return states;
        } finally {
            reading.unlock();
        }
    }

    /** What a sync was writing meanwhile is no finding: look again when there was one. */
    private KernelState read(Dataplane dataplane, RoutingTable applied) throws DataplaneException {
        var state = KernelState.read(dataplane, applied, KernelState.FINDINGS);
        var now = live.applied(dataplane.family()).orElse(applied);
        return state.total() == 0 || now.equals(applied)
                ? state
                : KernelState.read(dataplane, now, KernelState.FINDINGS);
    }
}
