package io.fairlead.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is written down of namespaces, and how one is removed by it. */
@Tag("kernel")
class LedgerTest {

    /** Keeps what it is told, in order. */
    private static final class Kept implements Ledger {
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void announce(List<String> names) {
            names.forEach(name -> lines.add("announced " + name + (exists(name) ? " too late" : "")));
        }

        @Override
        public void made(String name, long identity) {
            lines.add("made " + name + (exists(name) ? "" : " too early"));
        }

        @Override
        public void removed(Collection<String> names) {
            names.forEach(name -> lines.add("removed " + name + (exists(name) ? " too early" : "")));
        }
    }

    private static boolean exists(String name) {
        return Files.exists(Path.of("/run/netns", name));
    }

    @Test
    void everyNamespaceIsAnnouncedBeforeItIsMadeAndStruckAfterItIsGone() {
        var ledger = new Kept();
        try (var net = Topology.builder().ledger(ledger).node(1).build()) {
            net.node("node1").addPod("late", 9).close();
        }
        var names = new HashSet<String>();
        for (var line : ledger.lines) {
            var words = line.split(" ", -1);
            assertThat(words).as(line).hasSize(2);
            names.add(words[1]);
        }
        assertThat(names).hasSize(5); // LAN, outside, node1, its pod, the late pod
        for (var name : names) {
            assertThat(ledger.lines).containsSubsequence("announced " + name, "made " + name, "removed " + name);
        }
    }

    @Test
    void aNamespaceIsRemovedWithWhatRunsInside() throws Exception {
        try (var namespace = NetworkNamespace.create("remains")) {
            var process = namespace.start(new ProcessBuilder("sleep", "300"));
            NamespaceRemoval.remove(namespace.name(), inode(namespace.file()));
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(namespace.file()).doesNotExist();
            NamespaceRemoval.remove(namespace.name(), Optional.empty());
        }
    }

    @Test
    void anotherNamespaceOfThatNameIsLeftAlone() throws Exception {
        try (var namespace = NetworkNamespace.create("other")) {
            long another = inode(namespace.file()).orElseThrow() + 1;
            assertThatThrownBy(() -> NamespaceRemoval.remove(namespace.name(), Optional.of(another)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("left alone");
            assertThat(namespace.file()).exists();
        }
    }

    private static Optional<Long> inode(Path file) throws IOException {
        return Optional.of((Long) Files.getAttribute(file, "unix:ino"));
    }
}
