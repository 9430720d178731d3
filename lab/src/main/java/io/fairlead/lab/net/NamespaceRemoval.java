package io.fairlead.lab.net;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Removes a network namespace that another process has made and left behind. */
public final class NamespaceRemoval {

    private static final int ATTEMPTS = 100;
    private static final int PAUSE_MILLIS = 20;

    private NamespaceRemoval() {}

    /**
     * Kills what runs inside, and removes it; does nothing when there is none of that name.
     *
     * @param inode the namespace's, as it was when it was made; if empty, any of that name is meant
     * @throws IOException when the name stands for another namespace, which is left alone, or something inside survives
     */
    public static void remove(String name, Optional<Long> inode) throws IOException {
        var namespace = new NamespaceName(name);
        var present = namespace.identity();
        if (present.isEmpty()) {
            return;
        }
        if (inode.isPresent() && !present.get().equals(inode.get())) {
            throw new IOException("network namespace " + name + " is not the one that the lab made and was left alone;"
                    + " remove it with \"ip netns delete " + name + "\" if it is yours");
        }
        kill(name);
        namespace.delete();
    }

    private static void kill(String name) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var pids = Command.run(List.of("ip", "netns", "pids", name), "")
                    .lines()
                    .toList();
            if (pids.isEmpty()) {
                return;
            }
            pids.forEach(
                    pid -> ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly));
            pause();
        }
        throw new IOException("processes in network namespace " + name + " cannot be killed");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while removing network namespaces", e);
        }
    }
}
