package io.fairlead.netfilter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;

/** The recordings in {@code goldens/goldens.zip} at the root of the repository. */
public final class Goldens {

    private Goldens() {}

    /** Text by {@code cluster/file}, of the files whose name ends so. */
    public static Map<String, String> files(String suffix) throws IOException {
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

    /** What nft printed of kube-proxy's tables, by {@code cluster/nft.v4.txt}; only where there were any. */
    public static Map<String, String> nft() throws IOException {
        var files = files(".txt");
        files.entrySet()
                .removeIf(file -> !file.getKey().matches(".*/nft\\.v[46]\\.txt")
                        || file.getValue().isEmpty());
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
