package io.fairlead.cli.goldens;

import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/**
 * One recorded cluster: what went in, and what kube-proxy wrote (see goldens/README.md).
 *
 * @param objects a v1 List as JSON
 * @param config a KubeProxyConfiguration for iptables mode, as JSON
 */
public record Golden(
        String name, String objects, String config, String saveV4, String saveV6, String restoreV4, String restoreV6) {

    private static final Pattern NODE = Pattern.compile("\"hostnameOverride\": \"([^\"]+)\"");

    /** All of them, by name. */
    public static List<Golden> all() {
        var files = new TreeMap<String, TreeMap<String, String>>();
        try (var zip = new ZipFile(archive().toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                var path = Path.of(entry.getName());
                if (!entry.isDirectory() && path.getNameCount() == 2) {
                    var text = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                    files.computeIfAbsent(path.getName(0).toString(), _ -> new TreeMap<>())
                            .put(path.getName(1).toString(), text);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.entrySet().stream()
                .map(folder -> new Golden(
                        folder.getKey(),
                        folder.getValue().get("objects.json"),
                        folder.getValue().get("config-iptables.json"),
                        folder.getValue().get("iptables-save.v4.txt"),
                        folder.getValue().get("iptables-save.v6.txt"),
                        folder.getValue().get("restore.v4.txt"),
                        folder.getValue().get("restore.v6.txt")))
                .toList();
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

    public String save(IpFamily family) {
        return family == IpFamily.IPV4 ? saveV4 : saveV6;
    }

    String restore(IpFamily family) {
        return family == IpFamily.IPV4 ? restoreV4 : restoreV6;
    }

    /** The Node that looks. */
    String node() {
        var found = NODE.matcher(config);
        if (!found.find()) {
            throw new IllegalStateException(name + ": the configuration names no node");
        }
        return found.group(1);
    }

    /** The last part of the node's addresses on eth0: 10.210.40.N/24 and fd00:210::N/64. */
    public int hostNumber() {
        return switch (node()) {
            case "k8s1" -> 172;
            case "k8s2" -> 173;
            case "k8s3" -> 175;
            default -> throw new IllegalStateException(name + ": no address is recorded for " + node());
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
