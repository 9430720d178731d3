package io.fairlead.cli.packets;

import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.CommandFailedException;
import io.fairlead.lab.net.LabNode;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.Subnets;
import io.fairlead.lab.net.Topology;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two nodes with a daemon each, their pods and an outside client, whose packets for Service addresses go to node1. The
 * daemons read the same manifests, which {@link #apply} rewrites while they run.
 */
final class PacketLab implements AutoCloseable {

    private static final Duration CONVERGENCE = Duration.ofSeconds(60);

    /** What conntrack(8) exits with when there was nothing to delete. */
    private static final int NO_FLOWS = 1;

    /** @param detector whether the daemons are told which addresses are pods' */
    record Settings(Backend backend, boolean detector, boolean masqueradeAll) {
        static final Settings DEFAULT = new Settings(Backend.NFT, true, false);
    }

    private final Topology net;
    private Settings settings;
    private final Path folder;
    private final Map<LabNode, Daemon> daemons = new LinkedHashMap<>();
    private int version;

    private PacketLab(Topology net, Settings settings, Path folder) {
        this.net = net;
        this.settings = settings;
        this.folder = folder;
    }

    /** Takes the topology over: pods that exist serve, but for each node's last one, which is for clients. */
    static PacketLab start(Topology net, Settings settings, List<LabService> services) {
        try {
            var lab = new PacketLab(net, settings, Files.createTempDirectory("fl-packets"));
            lab.serve();
            lab.route();
            lab.write(services);
            net.nodes().forEach(lab::startDaemon);
            lab.awaitConvergence();
            return lab;
        } catch (IOException e) {
            net.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            net.close();
            throw e;
        }
    }

    private void serve() {
        for (var node : net.nodes()) {
            var pods = node.pods();
            pods.subList(0, pods.size() - 1).forEach(PacketLab::serve);
        }
    }

    static void serve(LabPod pod) {
        for (var protocol : Protocol.values()) {
            pod.serve(protocol, LabService.TARGET_PORT);
        }
    }

    private void route() {
        for (var network : List.of(LabService.CLUSTER_IPS, LabService.EXTERNAL_IPS, LabService.LOAD_BALANCER_IPS)) {
            for (var family : IpFamily.values()) {
                net.routeFromOutside(network.of(family), node1());
            }
        }
    }

    void startDaemon(LabNode node) {
        var arguments = List.of(
                "proxy",
                "--manifests",
                manifests().toString(),
                "--hostname-override",
                node.name(),
                "--config",
                writeConfig().toString());
        daemons.put(node, Daemon.start(node.namespace(), settings.backend(), folder, arguments));
    }

    /** Ends the daemons and starts them again in another mode, with what they have left in place. */
    void switchTo(Backend backend) throws InterruptedException {
        for (var node : net.nodes()) {
            daemon(node).terminate();
            daemon(node).awaitEnd(Duration.ofSeconds(10));
        }
        settings = new Settings(backend, settings.detector(), settings.masqueradeAll());
        net.nodes().forEach(this::startDaemon);
        awaitConvergence();
    }

    private Path writeConfig() {
        return write("config.json", """
                {"apiVersion":"kubeproxy.config.k8s.io/v1alpha1","kind":"KubeProxyConfiguration","mode":"%s","conntrack":{"maxPerCore":0},
                "clusterCIDR":"%s","%s":{"minSyncPeriod":"10ms","masqueradeAll":%s}}""".formatted(
                        settings.backend().mode(),
                        settings.detector() ? "10.244.0.0/16,fd00:10:244::/48" : "",
                        settings.backend().mode(),
                        settings.masqueradeAll()));
    }

    Topology net() {
        return net;
    }

    LabNode node1() {
        return net.node("node1");
    }

    LabNode node2() {
        return net.node("node2");
    }

    /** The pod on node1 that serves nobody. */
    LabPod client() {
        return node1().pods().getLast();
    }

    Daemon daemon(LabNode node) {
        var daemon = daemons.get(node);
        if (daemon == null) {
            throw new IllegalArgumentException("no daemon on " + node);
        }
        return daemon;
    }

    /** The address under which a node masquerades for its own pods. */
    static IpAddress gateway(LabNode node, IpFamily family) {
        var subnets = Subnets.of(
                node.podCidr(IpFamily.IPV4).toString(),
                node.podCidr(IpFamily.IPV6).toString());
        return subnets.host(1).of(family);
    }

    /**
     * Makes these the cluster's Services, and returns when every node has it. Conntrack forgets everything but TCP connections
     * by then: a probe that happens to get the source port of an earlier one would belong to its flow and go where that went.
     */
    void apply(List<LabService> services) {
        write(services);
        awaitConvergence();
        for (var node : net.nodes()) {
            for (var family : List.of("ipv4", "ipv6")) {
                forgetFlows(node, "-f", family, "-p", "udp");
                forgetFlows(node, "-f", family, "-p", "sctp");
                forgetFlows(node, "-f", family, "-p", "tcp", "--state", "SYN_SENT");
            }
        }
    }

    private static void forgetFlows(LabNode node, String... which) {
        try {
            node.namespace()
                    .exec(Stream.concat(Stream.of("conntrack", "-D"), Stream.of(which))
                            .toArray(String[]::new));
        } catch (CommandFailedException e) {
            if (e.exitCode() != NO_FLOWS) {
                throw e;
            }
        }
    }

    private void write(List<LabService> services) {
        version++;
        var objects = Stream.of(
                        net.nodes().stream().map(PacketLab::nodeJson),
                        services.stream().flatMap(LabService::objects),
                        marker())
                .flatMap(stream -> stream)
                .collect(Collectors.joining(",\n"));
        write("manifests/cluster.json", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n" + objects + "]}\n");
    }

    private Path manifests() {
        return folder.resolve("manifests");
    }

    /** In place of the file of this name, which is never seen half written. */
    Path write(String name, String text) {
        try {
            Path target = folder.resolve(name);
            Files.createDirectories(target.getParent());
            Path draft = Files.createTempFile(folder, "draft", ".tmp");
            Files.writeString(draft, text);
            return Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nodeJson(LabNode node) {
        return """
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"%s","labels":{"topology.kubernetes.io/zone":"%s"}},
                "spec":{"podCIDRs":["%s","%s"]},
                "status":{"addresses":[{"type":"InternalIP","address":"%s"},{"type":"InternalIP","address":"%s"}]}}""".formatted(
                        node.name(),
                        zone(node),
                        node.podCidr(IpFamily.IPV4),
                        node.podCidr(IpFamily.IPV6),
                        node.address(IpFamily.IPV4),
                        node.address(IpFamily.IPV6));
    }

    static String zone(LabNode node) {
        return "zone-of-" + node.name();
    }

    /**
     * A Service whose port is named and numbered after the version: in iptables mode its rules are written last, because the
     * Service is the last one by name and the nat table the last one of a restore.
     */
    private Stream<String> marker() {
        Addresses ips = LabService.CLUSTER_IPS.host(250);
        var service = """
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"zz","name":"version"},"spec":{
                "clusterIP":"%s","clusterIPs":["%s","%s"],"ipFamilies":["IPv4","IPv6"],
                "ports":[{"name":"v%d","port":%d,"protocol":"TCP"}]}}""".formatted(ips.ipv4(), ips.ipv4(), ips.ipv6(), version, version);
        var slices = Stream.of(IpFamily.values())
                .map(family -> """
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"namespace":"zz","name":"version-%s",
                "labels":{"kubernetes.io/service-name":"version"}},"addressType":"%s",
                "ports":[{"name":"v%d","port":1}],"endpoints":[{"addresses":["%s"]}]}""".formatted(family.bits(), family, version, ips.of(family)));
        return Stream.concat(Stream.of(service), slices);
    }

    void awaitConvergence() {
        long deadline = System.nanoTime() + CONVERGENCE.toNanos();
        for (var node : daemons.keySet()) {
            for (var family : IpFamily.values()) {
                while (!hasCurrentVersion(node, family)) {
                    var daemon = daemon(node);
                    if (!daemon.isAlive() || System.nanoTime() > deadline) {
                        throw new AssertionError(node + " has no " + family + " rules of version " + version
                                + "; its log:\n" + daemon.log());
                    }
                    pause(Duration.ofMillis(20));
                }
            }
        }
    }

    private boolean hasCurrentVersion(LabNode node, IpFamily family) {
        if (!isNftables()) {
            return rules(node, family, "nat").contains("zz/version:v" + version + " cluster IP");
        }
        var marker = LabService.CLUSTER_IPS.host(250).of(family) + " . tcp . " + version + " : ";
        return nftTables(node).contains(marker);
    }

    boolean isNftables() {
        return settings.backend() == Backend.NFTABLES;
    }

    /** All tables of the proxy as {@code nft} prints them. */
    String nftTables(LabNode node) {
        return node.namespace().exec("nft", "list", "ruleset");
    }

    /** A table as {@code iptables-save} prints it. */
    String rules(LabNode node, IpFamily family, String table) {
        String program = family == IpFamily.IPV4 ? "iptables" : "ip6tables";
        return node.namespace().exec(settings.backend().program(program, "-save"), "-t", table);
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        net.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
