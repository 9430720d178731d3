package io.fairlead.netfilter.iptables;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;

/** The recordings in {@code goldens/goldens.zip} at the root of the repository. */
final class Goldens {

    private Goldens() {}

    /** Text by {@code cluster/file}, of the files whose name ends so. */
    static Map<String, String> files(String suffix) throws IOException {
        var files = new TreeMap<String, String>();
        try (var zip = new ZipFile(archive().toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(suffix)) {
                    files.put(
                            entry.getName(),
                            new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return files;
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
}
