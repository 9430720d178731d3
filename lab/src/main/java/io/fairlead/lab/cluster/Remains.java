package io.fairlead.lab.cluster;

import io.fairlead.lab.net.NamespaceRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ends labs: asks the process that runs one, and removes what one has left that ended without cleaning up. */
public final class Remains {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration STEP = Duration.ofMillis(50);

    private Remains() {}

    /**
     * Ends the lab, if it runs, and removes all there is of it.
     *
     * @return what could not be removed, a line each; empty when nothing is left
     */
    public static List<String> remove(LabDirectory lab) throws IOException, InterruptedException {
        var running = lab.process().filter(ProcessIdentity::isAlive);
        if (running.isPresent()) {
            end(running.get());
        }
        return clean(lab);
    }

    private static void end(ProcessIdentity running) throws InterruptedException {
        Optional<ProcessHandle> handle = ProcessHandle.of(running.pid());
        handle.ifPresent(ProcessHandle::destroy);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (running.isAlive() && System.nanoTime() < deadline) {
            Thread.sleep(STEP);
        }
        while (running.isAlive()) {
            handle.ifPresent(ProcessHandle::destroyForcibly);
            Thread.sleep(STEP);
        }
    }

    /** Removes what is written down of a lab that nobody runs any more. */
    static List<String> clean(LabDirectory lab) throws IOException {
        if (!Files.isDirectory(lab.path())) {
            return List.of();
        }
        var left = new ArrayList<String>();
        lab.namespaces().forEach((name, inode) -> {
            try {
                NamespaceRemoval.remove(name, inode);
            } catch (IOException | RuntimeException e) {
                left.add(String.valueOf(e.getMessage()));
            }
        });
        if (left.isEmpty()) {
            lab.delete();
        }
        return left;
    }
}
