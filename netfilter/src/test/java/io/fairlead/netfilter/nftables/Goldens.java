package io.fairlead.netfilter.nftables;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;

/** What nft printed of kube-proxy's tables, in {@code goldens/goldens.zip} at the root of the repository. */
public final class Goldens {

    private Goldens() {}

    /** Text by {@code cluster/nft.v4.txt}, of those that are not empty. */
    public static Map<String, String> nft() throws IOException {
        var files = new TreeMap<String, String>();
        try (var zip = new ZipFile(archive().toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                if (entry.getName().matches(".*/nft\\.v[46]\\.txt") && entry.getSize() > 0) {
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
