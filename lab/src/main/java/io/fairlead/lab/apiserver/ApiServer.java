package io.fairlead.lab.apiserver;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.fairlead.lab.schema.Schema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A Kubernetes API server in this process, on a loopback port of its own.
 *
 * <pre>{@code
 * try (var server = ApiServer.builder().tls().tokens("secret").start()) {
 *     server.store().load(Path.of("objects.json"));
 *     Files.writeString(kubeconfig, server.kubeconfig());
 *     …
 *     server.faults().times(3, RequestLine.listOf("/api/v1/services"), Fault.tooManyRequests(1));
 *     server.store().compact();
 *     server.watches().close();
 *     server.restart();
 * }
 * }</pre>
 *
 * <p>Stopping keeps port, credentials, faults and request log; the store lives on its own. {@link #stop}, {@link #restart}
 * and {@link #close} are not to be called from several threads at once; everything else is safe for many.
 */
public final class ApiServer implements AutoCloseable {

    static {
        // Watch events are small writes: without this a second one waits for the acknowledgement of the first. Read by
        // the JDK's server once, when its first instance is made.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final InetAddress address;
    private final int port;
    private final ServerOptions options;
    private final Authentication authentication;
    private final Optional<Tls> tls;
    private final Faults faults = new Faults();
    private final RequestLog log = new RequestLog();
    private final Watches watches = new Watches();
    private volatile ObjectStore store;
    private Optional<Running> running;

    private record Tls(CertificateAuthority authority, Credential own) {}

    private record Running(HttpServer http, ExecutorService threads) {}

    private ApiServer(Builder builder) throws IOException {
        this.address = builder.address;
        this.options = new ServerOptions(
                builder.requireNamespaces,
                builder.streamingLists,
                builder.goneAsHttpStatus,
                builder.bookmarkInterval,
                builder.watchTimeout,
                builder.schema,
                builder.tables,
                builder.aliases,
                builder.logs);
        this.authentication = new Authentication(builder.tokens, builder.clientCertificates);
        this.tls = builder.authority.map(authority -> new Tls(authority, builder.serverCredential(authority)));
        this.store = builder.store.orElseGet(ObjectStore::create);
        var first = listen(builder.port);
        this.port = first.http().getAddress().getPort();
        this.running = Optional.of(first);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Where clients reach it: {@code http://127.0.0.1:PORT} or {@code https://…}. */
    public URI url() {
        var host = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
        var text = host.getHostAddress();
        return URI.create((tls.isPresent() ? "https://" : "http://") + (text.contains(":") ? "[" + text + "]" : text)
                + ":" + port);
    }

    public int port() {
        return port;
    }

    /** The objects served now. */
    public ObjectStore store() {
        return store;
    }

    /** Faults for requests to come. */
    public Faults faults() {
        return faults;
    }

    /** The watches that run now. */
    public Watches watches() {
        return watches;
    }

    public RequestLog requests() {
        return log;
    }

    public Authentication authentication() {
        return authentication;
    }

    /** The authority of the server's certificate and of the clients it lets in; empty without TLS. */
    public Optional<CertificateAuthority> authority() {
        return tls.map(Tls::authority);
    }

    /** A kubeconfig that is let in: with a new client certificate, or with one of the tokens, or with neither. */
    public String kubeconfig() {
        if (authentication.acceptsCertificates()) {
            var authority = authority().orElseThrow();
            return kubeconfig(authority.issueClient("fairlead-admin", List.of("system:masters")));
        }
        return new Kubeconfig(
                        url(),
                        authority().map(CertificateAuthority::certificatePem),
                        authentication.anyToken(),
                        Optional.empty())
                .text();
    }

    /** A kubeconfig with this token. */
    public String kubeconfig(String token) {
        var authorityPem = authority().map(CertificateAuthority::certificatePem);
        return new Kubeconfig(url(), authorityPem, Optional.of(token), Optional.empty()).text();
    }

    /** A kubeconfig with this client certificate. */
    public String kubeconfig(Credential credential) {
        var authorityPem = authority().map(CertificateAuthority::certificatePem);
        return new Kubeconfig(url(), authorityPem, Optional.empty(), Optional.of(credential)).text();
    }

    /** A kubeconfig with this client certificate, for where clients reach this server by another address. */
    public String kubeconfig(URI server, Credential credential) {
        var authorityPem = authority().map(CertificateAuthority::certificatePem);
        return new Kubeconfig(server, authorityPem, Optional.empty(), Optional.of(credential)).text();
    }

    /**
     * Stops listening, cuts all connections and waits until no request runs; connections are refused until the next
     * {@link #restart}.
     */
    public void stop() {
        running.ifPresent(was -> {
            was.http().stop(0);
            // Interrupts those that wait; those that write find their connection closed.
            was.threads().shutdownNow();
            was.threads().close();
        });
        running = Optional.empty();
    }

    /** Whether it listens; not between {@link #stop} and {@link #restart}. */
    public boolean isRunning() {
        return running.isPresent();
    }

    /** Stops if it runs, and listens on the same port again. */
    public void restart() throws IOException {
        restart(store);
    }

    /** As {@link #restart()}, in front of another store; see {@link ObjectStore#successor()}. */
    public void restart(ObjectStore newStore) throws IOException {
        stop();
        store = newStore;
        running = Optional.of(listen(port));
    }

    @Override
    public void close() {
        stop();
    }

    private Running listen(int onPort) throws IOException {
        var socket = new InetSocketAddress(address, onPort);
        var http = tls.isPresent() ? HttpsServer.create(socket, 0) : HttpServer.create(socket, 0);
        if (http instanceof HttpsServer https) {
            https.setHttpsConfigurator(configurator(tls.orElseThrow()));
        }
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        http.setExecutor(threads);
        var resources = new ResourceHandler(store, options, watches);
        var handler = new ApiHandler(store.types(), options, resources, authentication, faults, log);
        http.createContext("/", handler);
        http.start();
        return new Running(http, threads);
    }

    private HttpsConfigurator configurator(Tls identity) {
        boolean askForCertificate = authentication.acceptsCertificates();
        return new HttpsConfigurator(identity.authority().context(identity.own())) {
            @Override
            public void configure(HttpsParameters parameters) {
                var ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setWantClientAuth(askForCertificate);
                parameters.setSSLParameters(ssl);
            }
        };
    }

    /** How a server is to be; without any call: plain HTTP on an ephemeral loopback port, everybody let in, empty store. */
    public static final class Builder {

        private InetAddress address = InetAddress.getLoopbackAddress();
        private int port;
        private Optional<ObjectStore> store = Optional.empty();
        private Optional<CertificateAuthority> authority = Optional.empty();
        private final Set<String> tokens = new HashSet<>();
        private boolean clientCertificates;
        private boolean requireNamespaces;
        private boolean streamingLists = true;
        private boolean goneAsHttpStatus;
        private Duration bookmarkInterval = Duration.ofSeconds(60);
        private Duration watchTimeout = Duration.ofMinutes(30);
        private Optional<Schema> schema = Optional.empty();
        private Function<ResourceType, Optional<Table>> tables = _ -> Optional.empty();
        private List<ResourceAlias> aliases = List.of();
        private PodLogs logs = PodLogs.none();
        private final List<InetAddress> certificateAddresses = new ArrayList<>();

        private Builder() {}

        /** @param listenOn a wildcard address listens everywhere; certificates and URL then name the loopback address */
        public Builder address(InetAddress listenOn) {
            address = listenOn;
            return this;
        }

        /** @param number 0 for any free port */
        public Builder port(int number) {
            port = number;
            return this;
        }

        public Builder store(ObjectStore objects) {
            store = Optional.of(objects);
            return this;
        }

        /** HTTPS with a certificate of a new authority. */
        public Builder tls() {
            return tls(CertificateAuthority.create("fairlead-lab"));
        }

        /** HTTPS with a certificate of this authority. */
        public Builder tls(CertificateAuthority by) {
            authority = Optional.of(by);
            return this;
        }

        /** Bearers of one of these are let in. */
        public Builder tokens(String... accepted) {
            tokens.addAll(List.of(accepted));
            return this;
        }

        /** Holders of a certificate of the server's authority are let in; others fail the TLS handshake. */
        public Builder clientCertificates() {
            clientCertificates = true;
            return this;
        }

        /** Objects can be created only in namespaces that exist. */
        public Builder requireNamespaces() {
            requireNamespaces = true;
            return this;
        }

        /** Refuses sendInitialEvents with 422, as servers before Kubernetes 1.32 do. */
        public Builder withoutStreamingLists() {
            streamingLists = false;
            return this;
        }

        /** Answers watches from forgotten versions with HTTP status 410 instead of an ERROR event. */
        public Builder goneAsHttpStatus() {
            goneAsHttpStatus = true;
            return this;
        }

        /** @param interval how long a quiet watch waits before its next bookmark; 60 s if not set */
        public Builder bookmarksEvery(Duration interval) {
            bookmarkInterval = interval;
            return this;
        }

        /** @param timeout how long a watch lasts that does not say; 30 min if not set */
        public Builder watchesLast(Duration timeout) {
            watchTimeout = timeout;
            return this;
        }

        /** Objects have these fields and no others; OpenAPI documents say so. */
        public Builder schema(Schema definitions) {
            schema = Optional.of(definitions);
            return this;
        }

        /** @param byType how a type is shown as a table; empty for a type that is not */
        public Builder tables(Function<ResourceType, Optional<Table>> byType) {
            tables = byType;
            return this;
        }

        /** Types that are views of others. */
        public Builder aliases(ResourceAlias... views) {
            aliases = List.of(views);
            return this;
        }

        /** Where the output of pods is. */
        public Builder logs(PodLogs source) {
            logs = source;
            return this;
        }

        /** Further addresses that the server's certificate is good for. */
        public Builder certificateAddresses(Collection<InetAddress> addresses) {
            certificateAddresses.addAll(addresses);
            return this;
        }

        /** @throws IOException if the port cannot be listened on */
        public ApiServer start() throws IOException {
            if (clientCertificates && authority.isEmpty()) {
                throw new IllegalStateException("client certificates need TLS: call tls() too");
            }
            return new ApiServer(this);
        }

        private Credential serverCredential(CertificateAuthority by) {
            var addresses = new ArrayList<InetAddress>();
            addresses.add(InetAddress.getLoopbackAddress());
            if (!address.isAnyLocalAddress() && !address.equals(addresses.getFirst())) {
                addresses.add(address);
            }
            certificateAddresses.stream().filter(a -> !addresses.contains(a)).forEach(addresses::add);
            return by.issueServer(
                    List.of("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"), addresses);
        }
    }
}
