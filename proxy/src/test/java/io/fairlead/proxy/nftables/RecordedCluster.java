package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.ConfigReader;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.source.ManifestException;
import io.fairlead.proxy.source.ManifestSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/** A cluster from goldens/goldens.zip, with the iptables rules that kube-proxy wrote for it. */
record RecordedCluster(String name, ClusterImage image, ProxyConfig config, String saveV4, String saveV6) {

    static List<RecordedCluster> all() {
        var texts = new TreeMap<String, String>();
        try (var zip = new ZipFile(archive().toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory()) {
                    texts.put(
                            entry.getName(),
                            new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var clusters = new ArrayList<RecordedCluster>();
        for (var file : texts.keySet()) {
            if (file.endsWith("/objects.json")) {
                var folder = file.substring(0, file.indexOf('/') + 1);
                clusters.add(of(file.substring(0, file.indexOf('/')), folder, texts));
            }
        }
        return clusters;
    }

    private static RecordedCluster of(String name, String folder, TreeMap<String, String> texts) {
        var config = ConfigReader.parse(texts.get(folder + "config-iptables.json"));
        return new RecordedCluster(
                name,
                image(texts.get(folder + "objects.json"), config.hostnameOverride()),
                config,
                texts.get(folder + "iptables-save.v4.txt"),
                texts.get(folder + "iptables-save.v6.txt"));
    }

    private static Path archive() {
        for (var folder = Path.of(System.getProperty("user.dir")); folder != null; folder = folder.getParent()) {
            var archive = folder.resolve("goldens/goldens.zip");
            if (Files.exists(archive)) {
                return archive;
            }
        }
        throw new IllegalStateException("no folder above the working directory holds goldens/goldens.zip");
    }

    private static ClusterImage image(String objects, String nodeName) {
        InputStream stdin = new ByteArrayInputStream(objects.getBytes(StandardCharsets.UTF_8));
        try {
            var delta = new ClusterDelta(ClusterImage.EMPTY);
            ManifestSource.readOnce(List.of(Path.of("-")), nodeName, stdin, _ -> {})
                    .forEach(delta::replay);
            return delta.apply();
        } catch (ManifestException e) {
            throw new IllegalStateException(e);
        }
    }

    BothModes modes(IpFamily family) throws DataplaneException {
        var nodeIps = NodeIps.detect(
                config.bindAddress(), image.node().map(Node::addresses).orElse(List.of()));
        return BothModes.of(
                config,
                nodeIps,
                image.node().map(Node::podCidrs).orElse(List.of()),
                machine(family),
                new Router(family, config.hostnameOverride(), config.externalIpsAllowed()).route(image));
    }

    /** As it was recorded: what the Node says, loopback, and an address that nobody knows of. */
    private Set<IpAddress> machine(IpFamily family) {
        var machine = new LinkedHashSet<>(Probe.addresses(family, "127.0.0.1", "::1", "169.254.7.1", "fd99:7::1"));
        machine.addAll(Probe.addresses(family, "10.210.40." + number(), "fd00:210::" + number()));
        return machine;
    }

    private String number() {
        return switch (config.hostnameOverride()) {
            case "k8s1" -> "172";
            case "k8s2" -> "173";
            default -> "175";
        };
    }

    Ruleset recorded(IpFamily family) {
        var listing = family == IpFamily.IPV4 ? saveV4 : saveV6;
        return Ruleset.parse(
                family,
                listing.lines().filter(line -> !line.contains("nfacct")).collect(Collectors.joining("\n", "", "\n")));
    }

    @Override
    public String toString() {
        return name;
    }
}
