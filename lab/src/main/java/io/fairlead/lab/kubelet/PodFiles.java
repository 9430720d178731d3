package io.fairlead.lab.kubelet;

import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/** What a pod has on disk: the logs of its containers, and a note of its network namespace for other processes. */
final class PodFiles {

    private final Path logs;
    private final Path note;

    PodFiles(Path folder, PodSpec pod) {
        this.logs = folder.resolve("logs")
                .resolve(pod.name().namespace() + "_" + pod.name().name() + "_" + pod.uid());
        this.note = note(folder, pod.name());
    }

    /** The file that holds the name of the pod's network namespace. */
    static Path note(Path folder, NamespacedName pod) {
        return folder.resolve("pods").resolve(pod.namespace() + "_" + pod.name());
    }

    void open(String namespace) throws IOException {
        Files.createDirectories(note.getParent());
        Files.writeString(note, namespace + "\n");
    }

    /** The folder of a container's logs. */
    Path logs(String container) {
        return logs.resolve(container);
    }

    /** The newest, or the one before. */
    Optional<Path> log(String container, boolean previous) {
        try (var files = Files.list(logs(container))) {
            var numbered =
                    files.sorted(Comparator.comparingInt(PodFiles::number).reversed());
            return numbered.skip(previous ? 1 : 0).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int number(Path log) {
        return Integer.parseInt(log.getFileName().toString().replace(".log", ""));
    }

    void remove() {
        try {
            Files.deleteIfExists(note);
            if (Files.exists(logs)) {
                try (var all = Files.walk(logs)) {
                    for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
