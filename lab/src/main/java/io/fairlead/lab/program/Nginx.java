package io.fairlead.lab.program;

import io.fairlead.lab.net.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's nginx, or one that was unpacked somewhere, with a configuration of our own: everything it writes goes into
 * one directory, which is gone when it has ended. SIGTERM would make it drop its clients, so it is asked to end with SIGQUIT,
 * as the image of that name has it.
 */
public final class Nginx implements Image {

    /** Names the root of unpacked packages, for machines where nginx is not installed. */
    private static final String ROOT_VARIABLE = "FAIRLEAD_NGINX";

    private static final List<String> PROGRAMS = List.of("usr/sbin/nginx", "usr/local/sbin/nginx");
    private static final List<String> PAGES =
            List.of("usr/share/nginx/html/index.html", "var/www/html/index.nginx-debian.html");

    private static final Logger LOG = LoggerFactory.getLogger(Nginx.class);

    private final Path program;
    private final Path page;
    private final Path folder;

    /**
     * @param page served as the index; its folder as the root
     * @param folder for configurations and temporary files
     */
    private Nginx(Path program, Path page, Path folder) {
        this.program = program;
        this.page = page;
        this.folder = folder;
    }

    /** The installed one or else the unpacked one, if there is one with its welcome page. */
    public static Optional<Image> find(Path folder) {
        var unpacked = Optional.ofNullable(System.getenv(ROOT_VARIABLE)).filter(root -> !root.isEmpty());
        return Stream.concat(Stream.of("/"), unpacked.stream())
                .flatMap(root -> in(Path.of(root), folder).stream())
                .findFirst();
    }

    /** @param root of the file system that has it where Debian's packages put it */
    static Optional<Image> in(Path root, Path folder) {
        var page = PAGES.stream().map(root::resolve).filter(Files::isReadable).findFirst();
        return PROGRAMS.stream()
                .map(root::resolve)
                .filter(Files::isExecutable)
                .findFirst()
                .flatMap(program -> page.map(found -> new Nginx(program, found, folder)));
    }

    @Override
    public Program start(Container container) throws IOException {
        var home = Files.createDirectories(
                folder.resolve("nginx-" + container.namespace().name()));
        var configuration = Files.writeString(home.resolve("nginx.conf"), configuration(home));
        var command =
                List.of(program.toString(), "-e", "stderr", "-p", home.toString(), "-c", configuration.toString());
        var nginx = HostProgram.start(container, command, Map.of());
        return new Quitting(nginx, nginx.exit().whenComplete((_, _) -> remove(home)), container, command);
    }

    private static void remove(Path home) {
        try (var all = Files.walk(home)) {
            for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} is left behind", home, e);
        }
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
                  default_type text/html;
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
    private record Quitting(Program nginx, CompletableFuture<Integer> exit, Container container, List<String> command)
            implements Program {

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
            exit.join();
        }
    }
}
