package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.http.PageServer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.inspect.InspectPages;
import io.fairlead.proxy.inspect.Inspection;
import io.fairlead.proxy.inspect.Leftover;
import io.fairlead.proxy.inspect.LiveState;
import io.fairlead.proxy.sync.SyncListener;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The daemon's inspection port. What answers is made by the first request: a start does not wait for it. */
final class InspectServer implements AutoCloseable {

    private static final PageServer.Purpose PURPOSE =
            new PageServer.Purpose("inspection server", "Inspection server failed");

    private final LiveState live = new LiveState(InstantSource.system());
    private final PageServer server;
    private final Supplier<Inspection> inspection;
    private volatile List<Inspection.Family> families = List.of();
    private Optional<Pages> pages = Optional.empty();

    private InspectServer(InetSocketAddress address, ProxyInvocation invocation, Supplier<List<Leftover>> leftovers) {
        server = new PageServer(PURPOSE, address, request -> pages().answer(request));
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

    private synchronized Pages pages() {
        if (pages.isEmpty()) {
            var made = inspection.get();
            made.writing(families);
            pages = Optional.of(new InspectPages(made));
        }
        return pages.get();
    }

    @Override
    public void close() {
        server.close();
    }
}
