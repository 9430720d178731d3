package io.fairlead.cli.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The command line that starts this program, up to its first argument: Java, its options, and the program. */
final class OwnProgram {

    private static final String MAIN = "io.fairlead.cli.Main";

    private OwnProgram() {}

    /** As this process was started, so that what it starts is built and tuned the same. */
    static List<String> commandLine() throws IOException {
        var words = List.of(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                .split("\0", -1));
        int end = end(words);
        // The first word may be a name that was looked up.
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.concat(Stream.of(java), words.subList(1, end).stream()).toList();
    }

    private static int end(List<String> words) throws IOException {
        int jar = words.indexOf("-jar");
        if (jar >= 0) {
            return jar + 2;
        }
        int main = words.indexOf(MAIN);
        if (main < 0) {
            throw new IOException("this process was not started as \"java … -jar fairlead.jar\" or \"java … " + MAIN
                    + "\", so it cannot start another one of its kind");
        }
        return main + 1;
    }
}
