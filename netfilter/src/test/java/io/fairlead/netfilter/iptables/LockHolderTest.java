package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockHolderTest {

    @TempDir
    Path folder;

    private Path lock;
    private Object inode;

    @BeforeEach
    void setUp() throws Exception {
        lock = Files.createFile(folder.resolve("xtables.lock"));
        inode = Files.getAttribute(lock, "unix:ino");
    }

    @Test
    void aRealLockNamesThisVeryProcess() throws Exception {
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            assertThat(LockHolder.describe(Path.of("/proc"), lock))
                    .contains("held by pid " + ProcessHandle.current().pid() + " ("
                            + Files.readString(Path.of("/proc/self/comm")).strip() + ")");
        }
        assertThat(LockHolder.describe(Path.of("/proc"), lock).orElseThrow()).contains("has let go");
    }

    @Test
    void waitersAndOtherFilesAreNotHolders() throws Exception {
        locks("1: FLOCK  ADVISORY  WRITE 11 00:19:1 0 EOF\n2: FLOCK  ADVISORY  WRITE 12 00:19:" + inode
                + " 0 EOF\n2: -> FLOCK  ADVISORY  WRITE 13 00:19:" + inode + " 0 EOF\n");
        Files.createDirectory(folder.resolve("12"));
        Files.writeString(folder.resolve("12/comm"), "fire\u001bwalld\n");
        assertThat(LockHolder.describe(folder, lock)).contains("held by pid 12 (fire?walld)");
    }

    @Test
    void aProcessThatIsGoneHasNoName() throws Exception {
        locks("2: FLOCK  ADVISORY  WRITE 12 00:19:" + inode + " 0 EOF\n");
        assertThat(LockHolder.describe(folder, lock)).contains("held by pid 12");
    }

    @Test
    void aHolderThatTheKernelDoesNotShowMayBeOutsideTheContainer() throws Exception {
        locks("1: FLOCK  ADVISORY  WRITE 11 00:19:1 0 EOF\n");
        assertThat(LockHolder.describe(folder, lock).orElseThrow()).contains("outside this container");
    }

    @Test
    void withoutALockFileNothingIsSaid() {
        assertThat(LockHolder.describe(folder, folder.resolve("absent"))).isEmpty();
    }

    private void locks(String text) throws Exception {
        Files.writeString(folder.resolve("locks"), text);
    }
}
