package io.fairlead.lab.kubelet;

import io.fairlead.lab.apiserver.PodLogs;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The logs of all pods of some kubelets. */
public final class ContainerLogs implements PodLogs {

    private final Supplier<List<Kubelet>> kubelets;

    /** @param kubelets those that run now */
    public ContainerLogs(Supplier<List<Kubelet>> kubelets) {
        this.kubelets = kubelets;
    }

    @Override
    public InputStream open(PodLogs.Request request) throws IOException {
        var file = find(request);
        if (request.follow()) {
            return new FollowedLog(file, request, () -> find(request, false).equals(Optional.of(file)));
        }
        var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        return new ByteArrayInputStream(select(lines, request));
    }

    private Path find(PodLogs.Request request) throws FileNotFoundException {
        return find(request, request.previous())
                .orElseThrow(() -> new FileNotFoundException((request.previous() ? "previous terminated " : "")
                        + "container \"" + request.container() + "\" in pod \""
                        + request.pod().name()
                        + "\" not found"));
    }

    private Optional<Path> find(PodLogs.Request request, boolean previous) {
        return kubelets.get().stream()
                .flatMap(kubelet -> kubelet.log(request.pod(), request.container(), previous).stream())
                .findFirst();
    }

    /** What of these lines the request wants to see. */
    static byte[] select(List<String> lines, PodLogs.Request request) {
        var wanted = lines.stream().filter(line -> isRecent(line, request)).toList();
        long skipped = Math.max(0, wanted.size() - request.tailLines().orElse(Long.MAX_VALUE));
        var text = new StringBuilder();
        wanted.stream().skip(skipped).forEach(line -> text.append(shown(line, request)));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int length = Math.toIntExact(Math.min(bytes.length, request.limitBytes().orElse(Long.MAX_VALUE)));
        return Arrays.copyOf(bytes, length);
    }

    private static boolean isRecent(String line, PodLogs.Request request) {
        return request.since()
                .map(since ->
                        !Instant.parse(line.substring(0, line.indexOf(' '))).isBefore(since))
                .orElse(true);
    }

    static String shown(String line, PodLogs.Request request) {
        return (request.timestamps() ? line : line.substring(line.indexOf(' ') + 1)) + "\n";
    }
}
