package io.fairlead.lab.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The namespaces of this process that exist; other processes may come and go with theirs. */
final class OwnNamespaces {

    private OwnNamespaces() {}

    static Set<String> list() throws IOException {
        var directory = Path.of("/run/netns");
        var names = new TreeSet<String>();
        if (Files.isDirectory(directory)) {
            try (var files = Files.newDirectoryStream(
                    directory, "fl" + ProcessHandle.current().pid() + "-*")) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names;
    }
}
