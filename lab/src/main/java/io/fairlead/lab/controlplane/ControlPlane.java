package io.fairlead.lab.controlplane;

import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.CertificateAuthority;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.PodLogs;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.controlplane.controller.Controllers;
import io.fairlead.lab.controlplane.controller.EventRecorder;
import io.fairlead.lab.controlplane.rules.AddressRange;
import io.fairlead.lab.controlplane.rules.ClusterIps;
import io.fairlead.lab.controlplane.rules.ClusterRules;
import io.fairlead.lab.controlplane.rules.NodePorts;
import io.fairlead.lab.controlplane.table.Tables;
import io.fairlead.lab.schema.Schema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The control plane of a cluster, running.
 *
 * <pre>{@code
 * try (var plane = ControlPlane.builder().serviceCidrs("10.96.0.0/12").start()) {
 *     Files.writeString(kubeconfig, plane.kubeconfig());
 *     plane.store().create(node);
 *     …
 * }
 * }</pre>
 */
public final class ControlPlane implements AutoCloseable {

    private static final int HISTORY = 50_000;

    private final Builder options;
    private final CertificateAuthority authority;
    private final Schema schema;
    private final ObjectStore store;
    private final EventRecorder events;
    private final Controllers controllers;
    private final List<ApiServer> servers = new ArrayList<>();

    private ControlPlane(Builder options) throws IOException {
        this.options = options;
        this.authority = CertificateAuthority.create("fairlead-lab");
        this.schema = Schema.read();
        var clusterIps = new ClusterIps(options.serviceCidrs, options.hints.clusterIps(), new Random());
        var rules =
                new ClusterRules(clusterIps, new NodePorts(options.firstNodePort, options.lastNodePort, new Random()));
        var clock = InstantSource.system();
        this.store = ObjectStore.create(ResourceTypes.standard(), HISTORY, clock, rules);
        this.events = new EventRecorder(store, clock);
        servers.add(serve(options.address, options.port));
        new Bootstrap(store, options.serviceCidrs, options.kubernetesEndpoint.orElseGet(this::ownAddress)).run();
        this.controllers = Controllers.start(
                store,
                events,
                clock,
                Optional.of(authority.certificatePem()),
                options.loadBalancerRanges,
                options.hints.nodes());
    }

    public static Builder builder() {
        return new Builder();
    }

    private InetSocketAddress ownAddress() {
        return new InetSocketAddress(options.address, server().port());
    }

    private ApiServer serve(InetAddress address, int port) throws IOException {
        return ApiServer.builder()
                .address(address)
                .port(port)
                .store(store)
                .tls(authority)
                .clientCertificates()
                .certificateAddresses(options.certificateNames())
                .requireNamespaces()
                .schema(schema)
                .tables(new Tables(InstantSource.system())::of)
                .aliases(EventViews.alias())
                .logs(options.logs)
                .start();
    }

    /**
     * Another server in front of the same objects.
     *
     * @param port 0 for any
     */
    public ApiServer listen(InetAddress address, int port) throws IOException {
        var server = serve(address, port);
        servers.add(server);
        return server;
    }

    /** Reads and writes in this process; defaults, validation and allocation happen here, too. */
    public ObjectStore store() {
        return store;
    }

    /** The first server. */
    public ApiServer server() {
        return servers.getFirst();
    }

    public CertificateAuthority authority() {
        return authority;
    }

    public EventRecorder events() {
        return events;
    }

    /** An administrator's kubeconfig for the first server. */
    public String kubeconfig() {
        return server().kubeconfig();
    }

    /** An administrator's kubeconfig for a server at another address. */
    public String kubeconfig(URI server) {
        return kubeconfig(server, "fairlead-admin", "system:masters");
    }

    /** A kubeconfig for a user and groups, who may do everything: there are no permissions here. */
    public String kubeconfig(URI server, String user, String... groups) {
        return server().kubeconfig(server, authority.issueClient(user, List.of(groups)));
    }

    /** Stops servers and control loops; the store can still be read. */
    @Override
    public void close() {
        servers.forEach(ApiServer::close);
        controllers.close();
    }

    /** How a control plane is to be; without any call: a free loopback port, kubeadm's ranges. */
    public static final class Builder {

        private InetAddress address = InetAddress.getLoopbackAddress();
        private int port;
        private final List<InetAddress> certificateAddresses = new ArrayList<>();
        private Optional<InetSocketAddress> kubernetesEndpoint = Optional.empty();
        private List<AddressRange> serviceCidrs = List.of(AddressRange.parse("10.96.0.0/12"));
        private List<AddressRange> loadBalancerRanges = List.of(AddressRange.parse("198.51.100.0/24"));
        private int firstNodePort = 30_000;
        private int lastNodePort = 32_767;
        private Hints hints = Hints.NONE;
        private PodLogs logs = PodLogs.none();

        private Builder() {}

        /**
         * Where the first server listens; its socket belongs to the network namespace of the thread that calls {@link
         * #start}.
         *
         * @param listenPort 0 for any
         */
        public Builder listenOn(InetAddress listenAddress, int listenPort) {
            address = listenAddress;
            port = listenPort;
            return this;
        }

        /** Further addresses that the server's certificate is good for. */
        public Builder certificateNames(InetAddress... addresses) {
            certificateAddresses.addAll(List.of(addresses));
            return this;
        }

        /** What the Service default/kubernetes leads to; the first server's own address if not set. */
        public Builder kubernetesEndpoint(InetSocketAddress endpoint) {
            kubernetesEndpoint = Optional.of(endpoint);
            return this;
        }

        /** Where cluster IPs come from: one range, or one of each family, the first being the usual one. */
        public Builder serviceCidrs(String... cidrs) {
            serviceCidrs = Arrays.stream(cidrs).map(AddressRange::parse).toList();
            return this;
        }

        /** Where node ports come from, both ends included. */
        public Builder nodePorts(int first, int last) {
            firstNodePort = first;
            lastNodePort = last;
            return this;
        }

        /** Where addresses of Services of type LoadBalancer come from: at most one range per family. */
        public Builder loadBalancerAddresses(String... cidrs) {
            loadBalancerRanges = Arrays.stream(cidrs).map(AddressRange::parse).toList();
            return this;
        }

        public Builder hint(Hints preferences) {
            hints = preferences;
            return this;
        }

        /** Where the output of pods is. */
        public Builder podLogs(PodLogs source) {
            logs = source;
            return this;
        }

        private List<InetAddress> certificateNames() {
            var all = new ArrayList<>(certificateAddresses);
            serviceCidrs.forEach(range -> all.add(range.first().toInetAddress()));
            kubernetesEndpoint.ifPresent(endpoint -> all.add(endpoint.getAddress()));
            return all;
        }

        /** @throws IOException if the port cannot be listened on */
        public ControlPlane start() throws IOException {
            return new ControlPlane(this);
        }
    }
}
