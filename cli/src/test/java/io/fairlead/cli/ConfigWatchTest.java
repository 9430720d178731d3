package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.proxy.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {

    @TempDir
    Path folder;

    private final CountDownLatch changed = new CountDownLatch(1);
    private Path file;
    private ConfigWatch watch;

    @BeforeEach
    void open() throws Exception {
        file = Files.writeString(folder.resolve("config"), "a: 1\n");
        watch = ConfigWatch.open(file);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void moreContentIsAChange() throws Exception {
        watch.start(changed::countDown);
        Files.writeString(file, "b: 2\n", StandardOpenOption.APPEND);
        assertThat(isChanged()).isTrue();
    }

    @Test
    void anotherFileInItsPlaceIsAChange() throws Exception {
        watch.start(changed::countDown);
        Files.move(Files.writeString(folder.resolve("new"), "a: 2\n"), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(isChanged()).isTrue();
    }

    @Test
    void aChangeDuringTheStartCounts() throws Exception {
        Files.writeString(file, "a: 2\n");
        watch.start(changed::countDown);
        assertThat(isChanged()).isTrue();
    }

    @Test
    void attributesOtherFilesAndDeletionAreNoChange() throws Exception {
        watch.start(changed::countDown);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("other"), "b");
        Files.delete(file);
        assertThat(changed.await(300, TimeUnit.MILLISECONDS)).isFalse();
    }

    /** How a ConfigMap volume changes; kube-proxy does not notice either. */
    @Test
    void aLinkThatLeadsElsewhereIsNoChange() throws Exception {
        var old = Files.createDirectories(folder.resolve("..v1"));
        Files.writeString(old.resolve("config.conf"), "a: 1\n");
        var link = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..v1"));
        try (var mounted = ConfigWatch.open(link.resolve("config.conf"))) {
            mounted.start(changed::countDown);
            var next = Files.createDirectories(folder.resolve("..v2"));
            Files.writeString(next.resolve("config.conf"), "a: 2\n");
            Files.move(
                    Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..v2")),
                    link,
                    StandardCopyOption.REPLACE_EXISTING);
            Files.delete(old.resolve("config.conf"));
            Files.delete(old);
            assertThat(changed.await(300, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Test
    void aFileThatIsNotThereCannotBeWatched() {
        assertThatThrownBy(() -> ConfigWatch.open(folder.resolve("absent")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("failed complete: ");
    }

    private boolean isChanged() throws InterruptedException {
        return changed.await(10, TimeUnit.SECONDS);
    }
}
