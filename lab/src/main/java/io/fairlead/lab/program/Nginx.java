package io.fairlead.lab.program;

import io.fairlead.lab.net.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The machine's nginx, with a configuration of our own: everything it writes goes into one directory. SIGTERM would make it
 * drop its clients, so it is asked to end with SIGQUIT, as the image of that name has it.
 */
public final class Nginx implements Image {

    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/local/sbin/nginx"));
    private static final List<Path> PAGES =
            List.of(Path.of("/usr/share/nginx/html/index.html"), Path.of("/var/www/html/index.nginx-debian.html"));

    private final Path program;
    private final Path page;
    private final Path folder;

    /**
     * @param page served as the index; its folder as the root
     * @param folder for configurations and temporary files
     */
    public Nginx(Path program, Path page, Path folder) {
        this.program = program;
        this.page = page;
        this.folder = folder;
    }

    /** The installed one, if there is one with its welcome page. */
    public static Optional<Image> installed(Path folder) {
        return PROGRAMS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .flatMap(program -> PAGES.stream()
                        .filter(Files::isReadable)
                        .findFirst()
                        .map(page -> new Nginx(program, page, folder)));
    }

    @Override
    public Program start(Container container) throws IOException {
        var home = Files.createDirectories(
                folder.resolve("nginx-" + container.namespace().name()));
        var configuration = Files.writeString(home.resolve("nginx.conf"), configuration(home));
        var command =
                List.of(program.toString(), "-e", "stderr", "-p", home.toString(), "-c", configuration.toString());
        return new Quitting(HostProgram.start(container, command, Map.of()), container, command);
    }

    private String configuration(Path home) {
        return """
                user root;
                daemon off;
                worker_processes 1;
                pid HOME/nginx.pid;
                error_log stderr notice;
                events { worker_connections 256; }
                http {
                  access_log /dev/stdout;
                  client_body_temp_path HOME/body;
                  proxy_temp_path HOME/proxy;
                  fastcgi_temp_path HOME/fastcgi;
                  uwsgi_temp_path HOME/uwsgi;
                  scgi_temp_path HOME/scgi;
                  server {
                    listen 80;
                    listen [::]:80;
                    root ROOT;
                    index INDEX;
                  }
                }
                """.replace("HOME", home.toString())
                .replace("ROOT", String.valueOf(page.getParent()))
                .replace("INDEX", String.valueOf(page.getFileName()));
    }

    /** Ends by SIGQUIT. */
    private record Quitting(Program nginx, Container container, List<String> command) implements Program {

        @Override
        public CompletableFuture<Integer> exit() {
            return nginx.exit();
        }

        @Override
        public void terminate() {
            var quit = Stream.concat(command.stream(), Stream.of("-s", "quit"));
            try {
                container.namespace().exec(quit.toArray(String[]::new));
            } catch (CommandFailedException e) {
                nginx.terminate();
            }
        }

        @Override
        public void kill() {
            nginx.kill();
        }
    }
}
