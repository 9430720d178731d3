package io.fairlead.lab.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedNginxTest {

    @TempDir
    Path root;

    private void file(String path) throws Exception {
        var file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void itNeedsItsProgramAndItsPage() throws Exception {
        assertThat(Nginx.in(root, root)).isEmpty();
        file("usr/sbin/nginx");
        assertThat(Nginx.in(root, root)).isEmpty();
        file("usr/share/nginx/html/index.html");
        assertThat(Nginx.in(root, root)).isPresent();
    }
}
