package io.fairlead.proxy.source;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for something to happen in directories, and then for it to be over. */
final class DirectoryWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    /** A file that is being written keeps making events; read it when there were none for this long. */
    private static final Duration QUIET = Duration.ofMillis(100);

    /** A file that never stops changing is read anyway. */
    private static final int QUIET_ATTEMPTS = 50;

    private final WatchService service;
    private boolean complained;

    DirectoryWatch() throws IOException {
        service = FileSystems.getDefault().newWatchService();
    }

    /** Watches these from now on; one that cannot be watched is left to polling. */
    void watch(Set<Path> directories) {
        for (var directory : directories) {
            try {
                directory.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            } catch (IOException e) {
                if (!complained) {
                    LOG.warn("{}: cannot be watched ({}); changes are noticed by looking now and then", directory, e);
                }
                complained = true;
            }
        }
    }

    /**
     * Waits for events, at most so long.
     *
     * @return the files that events named; directories are not told apart
     */
    Set<Path> await(Duration longest) throws InterruptedException {
        var touched = new HashSet<Path>();
        var key = service.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        for (int i = 0; key != null && i < QUIET_ATTEMPTS; i++) {
            drain(key, touched);
            key = service.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (key != null) {
            drain(key, touched);
        }
        return touched;
    }

    private static void drain(WatchKey key, Set<Path> touched) {
        for (var event : key.pollEvents()) {
            if (key.watchable() instanceof Path directory && event.context() instanceof Path name) {
                touched.add(directory.resolve(name));
            }
        }
        key.reset();
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
