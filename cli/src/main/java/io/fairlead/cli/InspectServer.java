package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.conntrack.TrafficMeter;
import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.PageServer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.http.Request;
import io.fairlead.proxy.inspect.InspectPages;
import io.fairlead.proxy.inspect.Inspection;
import io.fairlead.proxy.inspect.Leftover;
import io.fairlead.proxy.inspect.LiveState;
import io.fairlead.proxy.node.Sysctls;
import io.fairlead.proxy.sync.SyncListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon's inspection port. What answers is made by the first request: a start does not wait for it. */
final class InspectServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(InspectServer.class);
    private static final String ACCOUNTING = "net/netfilter/nf_conntrack_acct";
    private static final PageServer.Purpose PURPOSE =
            new PageServer.Purpose("inspection server", "Inspection server failed");

    private final LiveState live = new LiveState(InstantSource.system());
    private final PageServer server;
    private final Supplier<Inspection> inspection;
    private volatile List<Inspection.Family> families = List.of();
    private volatile Optional<TrafficMeter> meter = Optional.empty();
    private Optional<Inspection> made = Optional.empty();

    private InspectServer(InetSocketAddress address, ProxyInvocation invocation, Supplier<List<Leftover>> leftovers) {
        server = new PageServer(PURPOSE, address, new LazyPages(this::inspection));
        inspection = () -> new Inspection(
                VersionCommand.own(),
                invocation.config(),
                invocation.nodeName(),
                live,
                InstantSource.system(),
                InspectServer::machine,
                leftovers);
    }

    /** The server of a daemon that is to have one. */
    static Optional<InspectServer> of(ProxyInvocation invocation, Supplier<List<Leftover>> leftovers) {
        return invocation.inspect().map(address -> new InspectServer(address, invocation, leftovers));
    }

    static Collection<IpAddress> machine() {
        return new KernelFacts().addresses();
    }

    SyncListener listener() {
        return live;
    }

    /** These are written from now on. */
    void writing(List<Inspection.Family> written) {
        families = List.copyOf(written);
    }

    /** Binds in the background. Nobody depends on this port, so a failure is only said. */
    void start() {
        server.start(Optional.empty());
    }

    /** @param endpoints so many are counted one by one */
    void countTraffic(int endpoints) {
        var asked = inspection();
        try {
            var counting = TrafficMeter.start(asked::applied, endpoints);
            meter = Optional.of(counting);
            asked.metering(
                    counting, () -> Sysctls.ofThisMachine().read(ACCOUNTING).orElse(0) == 1);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("err", e)
                    .log("Connection tracking tells nothing, so --service-counters has only what rules count");
        }
    }

    /** What answers, made when it is first needed. */
    synchronized Inspection inspection() {
        if (made.isEmpty()) {
            var first = inspection.get();
            first.writing(families);
            made = Optional.of(first);
        }
        return made.get();
    }

    /** Pages whose classes are loaded by the first request. */
    private static final class LazyPages implements Pages {

        private final Supplier<Inspection> source;
        private volatile Optional<Pages> pages = Optional.empty();

        LazyPages(Supplier<Inspection> source) {
            this.source = source;
        }

        @Override
        public Answer answer(Request request) {
            if (pages.isEmpty()) {
                pages = Optional.of(new InspectPages(source.get()));
            }
            return pages.get().answer(request);
        }
    }

    @Override
    public void close() {
        meter.ifPresent(TrafficMeter::close);
        server.close();
    }
}
