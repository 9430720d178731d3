package io.fairlead.cli.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a lab leaves on a machine while it is there, and should not leave when it is gone. */
record Traces(Set<String> namespaces, Set<String> processes, Set<String> files) {

    /**
     * @param labs the directory of the labs that are meant: their processes have it in their environment
     * @param pid of the process that runs them: their namespaces have it in their names
     */
    static Traces of(Path labs, long pid) throws IOException {
        return new Traces(
                namespaces(pid), processes("FAIRLEAD_LAB_DIR=" + labs), Files.exists(labs) ? files(labs) : Set.of());
    }

    static final Traces NONE = new Traces(Set.of(), Set.of(), Set.of());

    private static Set<String> namespaces(long pid) throws IOException {
        var found = new TreeSet<String>();
        try (var names = Files.newDirectoryStream(Path.of("/run/netns"), "fl" + pid + "-*")) {
            names.forEach(name -> found.add(String.valueOf(name.getFileName())));
        }
        return found;
    }

    private static Set<String> processes(String mark) throws IOException {
        var found = new TreeSet<String>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : all) {
                if (has(process.resolve("environ"), mark)) {
                    found.add(String.valueOf(process.getFileName()));
                }
            }
        }
        return found;
    }

    private static boolean has(Path environ, String mark) {
        try {
            String text = Files.readString(environ, StandardCharsets.ISO_8859_1);
            return ("\0" + text).contains("\0" + mark + "\0");
        } catch (IOException e) {
            return false; // It has ended meanwhile.
        }
    }

    private static Set<String> files(Path labs) throws IOException {
        try (var files = Files.walk(labs)) {
            return files.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
