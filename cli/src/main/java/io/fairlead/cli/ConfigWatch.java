package io.fairlead.cli;

import io.fairlead.proxy.config.ConfigException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the file of {@code --config} is no longer what was read: the process then ends, and its supervisor starts it
 * with the new one (spec: process, section 1.5).
 *
 * <p>Only the file that the path led to at first is looked at. A ConfigMap volume changes by leading the path elsewhere, so
 * editing a ConfigMap restarts nothing, as with kube-proxy. A file that is gone, or has other attributes only, has not
 * changed.
 */
final class ConfigWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);

    private final Path file;
    private final byte[] content;
    private final WatchService service;

    private ConfigWatch(Path file, byte[] content, WatchService service) {
        this.file = file;
        this.content = content;
        this.service = service;
    }

    /**
     * Begins to look; to be called before the file is read.
     *
     * @throws ConfigException when the file does not exist or cannot be watched
     */
    static ConfigWatch open(Path config) {
        try {
            var file = config.toRealPath();
            var folder = file.getParent();
            var service = FileSystems.getDefault().newWatchService();
            if (folder != null) {
                folder.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            }
            return new ConfigWatch(file, Files.readAllBytes(file), service);
        } catch (IOException e) {
            throw new ConfigException("failed complete: could not watch " + config + ": " + e, e);
        }
    }

    /** Calls {@code changed} once, when the file has other content than at first; earlier changes count. */
    void start(Runnable changed) {
        Thread.ofVirtual().name("config watch").start(() -> {
            if (awaitChange()) {
                changed.run();
            }
        });
    }

    private boolean awaitChange() {
        try {
            while (!differs()) {
                var key = service.take();
                key.pollEvents();
                if (!key.reset()) {
                    return false; // the folder is gone
                }
            }
            return true;
        } catch (InterruptedException | ClosedWatchServiceException _) {
            return false;
        }
    }

    private boolean differs() {
        try {
            return Files.exists(file) && !Arrays.equals(Files.readAllBytes(file), content);
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue("file", file)
                    .addKeyValue("err", e)
                    .log("Could not read the changed configuration");
            return false;
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            log.atDebug().addKeyValue("file", file).addKeyValue("err", e).log("Could not end watching");
        }
    }
}
