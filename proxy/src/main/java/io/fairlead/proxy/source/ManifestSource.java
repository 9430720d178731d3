package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.ClusterChange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster in manifest files, watched for changes.
 *
 * <ul>
 *   <li>Only objects that differ from what was delivered are delivered, and what belongs to one change of the files
 *       comes in one list.
 *   <li>A file that cannot be read (any more) keeps what its last good version gave; so does an object that has become
 *       unusable. A file that is gone takes its objects with it.
 *   <li>{@code synced} comes when everything has been read once, except what is broken; but not before something could
 *       be read at all, so that a typing error in the only file does not empty a node's rules.
 * </ul>
 */
public final class ManifestSource implements ClusterSource {

    private static final Logger LOG = LoggerFactory.getLogger(ManifestSource.class);

    /** File systems without notifications (NFS, some overlays) are looked at this often. */
    private static final Duration POLL = Duration.ofSeconds(10);

    private final ManifestSet files;
    private final String nodeName;
    private Map<ObjectKey, ClusterChange> delivered = Map.of();
    private boolean synced;
    private volatile @Nullable Thread thread;

    /**
     * @param paths files, and directories whose {@code .yaml}, {@code .yml} and {@code .json} files are meant
     * @param nodeName the only Node delivered
     */
    public ManifestSource(List<Path> paths, String nodeName) {
        this.files = new ManifestSet(paths, new ManifestReader(LOG::warn, Optional.empty()), new LogReport());
        this.nodeName = nodeName;
    }

    /**
     * Reads manifests once; {@code -} among the paths stands for {@code stdin}.
     *
     * @param nodeName the only Node returned, if it is there
     * @param warnings is told, line by line, what was left out
     * @throws ManifestException when nothing could be read; the message has one line per file
     */
    public static List<ClusterChange> readOnce(
            List<Path> paths, String nodeName, InputStream stdin, Consumer<String> warnings) throws ManifestException {
        var files = new ManifestSet(paths, new ManifestReader(warnings, Optional.of(stdin)), new ManifestSet.Report() {
            @Override
            public void info(String message) {}

            @Override
            public void warn(String message) {
                warnings.accept(message);
            }

            @Override
            public void error(String message) {
                // Collected by errors() below.
            }
        });
        files.refresh(Set.of());
        if (!files.isUsable()) {
            throw new ManifestException(String.join("\n", files.errors()));
        }
        files.errors().forEach(warnings);
        return List.copyOf(files.objects(nodeName).values());
    }

    @Override
    public void start(Listener listener) {
        thread = Thread.ofVirtual().name("manifests").start(() -> run(listener));
    }

    private void run(Listener listener) {
        try (var watch = new DirectoryWatch()) {
            watch.watch(files.directories());
            var touched = Set.<Path>of();
            while (!Thread.currentThread().isInterrupted()) {
                files.refresh(touched);
                deliver(listener);
                touched = watch.await(POLL);
                watch.watch(files.directories());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("Manifests are not watched: {}; restart to try again", e.getMessage());
        }
    }

    private void deliver(Listener listener) {
        if (!synced && !files.isUsable()) {
            return;
        }
        var objects = files.objects(nodeName);
        var changes = new ArrayList<ClusterChange>();
        for (var key : delivered.keySet()) {
            if (!objects.containsKey(key)) {
                changes.add(key.deleted());
            }
        }
        objects.forEach((key, change) -> {
            if (!change.equals(delivered.get(key))) {
                changes.add(change);
            }
        });
        delivered = objects;
        if (!changes.isEmpty()) {
            listener.changed(List.copyOf(changes));
        }
        if (!synced) {
            synced = true;
            warnIfNodeIsMissing(objects);
            for (var kind : Kind.values()) {
                listener.synced(kind);
            }
        }
    }

    private void warnIfNodeIsMissing(Map<ObjectKey, ClusterChange> objects) {
        if (!objects.containsKey(ObjectKey.node(nodeName))) {
            LOG.warn(
                    "No Node {} in the manifests: its addresses are taken from the machine, and topology hints are not"
                            + " used; add the Node object for these",
                    Text.quoted(nodeName));
        }
    }

    @Override
    public void close() {
        var running = Optional.ofNullable(thread);
        running.ifPresent(Thread::interrupt);
        if (running.isPresent() && running.get() != Thread.currentThread()) {
            try {
                running.get().join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class LogReport implements ManifestSet.Report {
        @Override
        public void info(String message) {
            LOG.info(message);
        }

        @Override
        public void warn(String message) {
            LOG.warn(message);
        }

        @Override
        public void error(String message) {
            LOG.error(message);
        }
    }
}
