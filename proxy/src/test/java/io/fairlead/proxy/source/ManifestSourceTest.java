package io.fairlead.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.proxy.cluster.ClusterChange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestSourceTest {

    @TempDir
    Path dir;

    private final List<String> warnings = new ArrayList<>();

    private static String service(String name, int port) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec: {clusterIP: 10.0.0.1, ports: [{port: %d}]}
                """.formatted(name, port);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }

    private List<String> read(Path... paths) throws ManifestException {
        return readAs("n1", InputStream.nullInputStream(), paths);
    }

    private List<String> readAs(String node, InputStream stdin, Path... paths) throws ManifestException {
        return ManifestSource.readOnce(List.of(paths), node, stdin, warnings::add).stream()
                .map(change -> ObjectKey.of(change).toString())
                .toList();
    }

    @Test
    void readsManyDocumentsListsAndOtherKinds() throws Exception {
        write(
                "b.yaml",
                "# nothing here\n---\n---\n" + service("one", 1) + "---\nkind: ConfigMap\ndata: {a: b}\n---\n"
                        + service("two", 2));
        write("a.json", """
                {"items":[{"metadata":{"name":"three"},"spec":{"clusterIP":"10.0.0.3"}}],"kind":"ServiceList"}
                {"kind":"List","items":[{"kind":"Service","metadata":{"name":"four"},"spec":{}},{"kind":"Pod"}]}
                {"items":[{"kind":"Service","metadata":{"name":"five"},"spec":{}}],"kind":"List"}
                """);
        write("ignored.txt", "{{{");
        Files.createDirectory(dir.resolve("sub.yaml"));

        assertThat(read(dir))
                .containsExactly(
                        "Service default/three",
                        "Service default/four",
                        "Service default/five",
                        "Service default/one",
                        "Service default/two");
        assertThat(warnings).isEmpty();
    }

    @Test
    void standardInputIsADash() throws Exception {
        var stdin = new ByteArrayInputStream(service("web", 80).getBytes(StandardCharsets.UTF_8));

        assertThat(readAs("n1", stdin, Path.of("-"))).containsExactly("Service default/web");
    }

    @Test
    void onlyThisNodesNodeCounts() throws Exception {
        var file = write("nodes.yaml", "kind: Node\nmetadata: {name: n1}\n---\nkind: Node\nmetadata: {name: n2}\n");

        assertThat(readAs("n2", InputStream.nullInputStream(), file)).containsExactly("Node n2");
    }

    @Test
    void theFirstOfTwoFilesWinsAndBothAreNamed() throws Exception {
        write("a.yaml", service("web", 80));
        write("b.yaml", service("web", 81));

        var changes = ManifestSource.readOnce(List.of(dir), "n1", InputStream.nullInputStream(), warnings::add);

        assertThat(((ClusterChange.ServiceSet) changes.getFirst())
                        .service()
                        .ports()
                        .getFirst()
                        .port())
                .isEqualTo(80);
        assertThat(warnings).singleElement().asString().contains("a.yaml", "b.yaml", "Service default/web");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: [\n",
                "a: b: c\n",
                "{\"kind\": \"Service\", \n \"metadata\": <html>}",
                "\t\tx: {",
                "a: [*x"
            })
    void brokenSyntaxIsReportedWithFileAndLine(String text) throws Exception {
        var file = write("bad.yaml", text);

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(ManifestException.class)
                .hasMessageMatching("(?s).*bad\\.yaml:\\d+: .*")
                .message()
                .satisfies(message -> assertThat(message.lines()).hasSize(1));
    }

    @Test
    void invalidUtf8IsReportedWithItsLine() throws Exception {
        var bytes = new ByteArrayInputStream(
                ("kind: Service\nmetadata:\n  name: \u00e4\n").getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> readAs("n1", bytes, Path.of("-"))).hasMessageContaining("line 3: invalid UTF-8");
    }

    @Test
    void aBadFileAmongGoodOnesIsAWarning() throws Exception {
        write("a.yaml", service("web", 80));
        write("b.yaml", "}");

        assertThat(read(dir, dir.resolve("missing"))).containsExactly("Service default/web");
        assertThat(warnings).hasSize(2).anyMatch(line -> line.contains("missing: no such file"));
    }

    @Test
    void anAliasBombStaysSmall() throws Exception {
        var bomb = new StringBuilder("kind: ConfigMap\na0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 100; i++) {
            bomb.append("a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1));
        }
        var file = write("bomb.yaml", bomb + "---\n" + service("web", 80));

        assertThat(read(file)).containsExactly("Service default/web");
    }

    @Test
    void nestingWithoutEndIsRefused() throws Exception {
        assertThatThrownBy(() -> read(write("deep.json", "{\"a\":".repeat(100_000))))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining("deep.json:1: ");
        assertThatThrownBy(() -> read(write("deep.yaml", "a: " + "[".repeat(100_000))))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining("deep.yaml:");
    }

    @ParameterizedTest
    @CsvSource({"yaml, 10", "json, 100"})
    void manyMegabytesAreRead(String format, int megabytes) throws Exception {
        var file = dir.resolve("large." + format);
        boolean json = format.equals("json");
        try (var out = Files.newBufferedWriter(file)) {
            out.write(json ? "{\"kind\":\"List\",\"items\":[" : "");
            for (int i = 0; i < megabytes; i++) {
                var filler = "x".repeat(1 << 20);
                out.write(
                        json
                                ? "{\"kind\":\"ConfigMap\",\"data\":{\"a\":\"" + filler + "\"}},"
                                : "kind: ConfigMap\ndata: {a: " + filler + "}\n---\n");
            }
            out.write(
                    json ? "{\"kind\":\"Service\",\"metadata\":{\"name\":\"web\"},\"spec\":{}}]}" : service("web", 80));
        }

        assertThat(read(file)).containsExactly("Service default/web");
    }

    private RecordingListener start(ManifestSource source) {
        var listener = new RecordingListener();
        source.start(listener);
        return listener;
    }

    @Test
    void deliversFilesThenOnlyDifferences() throws Exception {
        write("a.yaml", service("one", 1) + "---\n" + service("two", 2));
        try (var source = new ManifestSource(List.of(dir), "n1")) {
            var listener = start(source);
            listener.awaitSynced();
            assertThat(listener.next()).containsExactly("set Service default/one", "set Service default/two");

            write("a.yaml", service("one", 1) + "---\n" + service("two", 3) + "---\n" + service("three", 3));
            assertThat(listener.next()).containsExactly("set Service default/two", "set Service default/three");

            write("b.yaml", service("four", 4));
            assertThat(listener.next()).containsExactly("set Service default/four");

            Files.delete(dir.resolve("a.yaml"));
            assertThat(listener.next())
                    .containsExactlyInAnyOrder(
                            "deleted Service default/one",
                            "deleted Service default/two",
                            "deleted Service default/three");
        }
    }

    @Test
    void aBrokenFileKeepsWhatItGaveUntilItIsGoodAgain() throws Exception {
        write("a.yaml", service("one", 1) + "---\n" + service("two", 2));
        write("b.yaml", service("three", 3));
        try (var source = new ManifestSource(List.of(dir), "n1")) {
            var listener = start(source);
            assertThat(listener.next()).hasSize(3);

            write("a.yaml", service("one", 1) + "---\n}");
            write("b.yaml", service("three", 4));
            assertThat(listener.next()).containsExactly("set Service default/three");

            write("a.yaml", service("one", 1));
            assertThat(listener.next()).containsExactly("deleted Service default/two");
        }
    }

    @Test
    void anObjectThatBecomesUnusableKeepsItsGoodVersion() throws Exception {
        write("a.yaml", service("one", 1) + "---\n" + service("two", 2));
        try (var source = new ManifestSource(List.of(dir), "n1")) {
            var listener = start(source);
            assertThat(listener.next()).hasSize(2);

            write("a.yaml", service("one", 1).replace("10.0.0.1", "10.0.0") + "---\n" + service("two", 3));
            assertThat(listener.next()).containsExactly("set Service default/two");
        }
    }

    @Test
    void followsAConfigMapsSymlinkSwap() throws Exception {
        Files.writeString(Files.createDirectory(dir.resolve("..v1")).resolve("web.yaml"), service("web", 1));
        Files.writeString(Files.createDirectory(dir.resolve("..v2")).resolve("web.yaml"), service("web", 2));
        Files.createSymbolicLink(dir.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(dir.resolve("web.yaml"), Path.of("..data/web.yaml"));
        for (var path : List.of(dir, dir.resolve("web.yaml"))) {
            try (var source = new ManifestSource(List.of(path), "n1")) {
                var listener = start(source);
                assertThat(listener.next()).containsExactly("set Service default/web");

                var target =
                        Files.readSymbolicLink(dir.resolve("..data")).toString().equals("..v1") ? "..v2" : "..v1";
                Files.createSymbolicLink(dir.resolve("..data_tmp"), Path.of(target));
                Files.move(dir.resolve("..data_tmp"), dir.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
                assertThat(listener.next()).containsExactly("set Service default/web");
            }
        }
    }

    @Test
    void isNotSyncedBeforeSomethingCouldBeRead() throws Exception {
        var file = write("a.yaml", "}");
        try (var source = new ManifestSource(List.of(file), "n1")) {
            var listener = start(source);
            Thread.sleep(300);
            assertThat(listener.synced()).isEmpty();

            write("a.yaml", service("web", 80));
            assertThat(listener.next()).containsExactly("set Service default/web");
            listener.awaitSynced();
        }
    }
}
