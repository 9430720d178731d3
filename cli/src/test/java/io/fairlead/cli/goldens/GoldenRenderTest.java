package io.fairlead.cli.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.Main;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code fairlead render} prints what kube-proxy wrote. */
class GoldenRenderTest {

    @TempDir
    Path folder;

    static Stream<Arguments> goldens() {
        return Golden.all().stream()
                .flatMap(golden -> Arrays.stream(IpFamily.values()).map(family -> Arguments.of(golden, family)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("goldens")
    void listsWhatTheKernelHeldAfterKubeProxy(Golden golden, IpFamily family) throws IOException {
        assertThat(Listing.lines(render(golden, family, "save")))
                .containsExactlyElementsOf(Listing.lines(golden.save(family)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("goldens")
    void printsWhatKubeProxyFedToIptablesRestore(Golden golden, IpFamily family) throws IOException {
        var printed = render(golden, family, "restore");
        assertThat(Listing.lines(printed)).containsExactlyElementsOf(Listing.lines(golden.restore(family)));
        assertThat(sortedLines(printed)).isEqualTo(sortedLines(golden.restore(family)));
    }

    /** Every byte of every line, whatever the order of Services. */
    private static List<String> sortedLines(String text) {
        return text.lines().sorted().toList();
    }

    private String render(Golden golden, IpFamily family, String format) throws IOException {
        var objects = Files.writeString(folder.resolve("objects.json"), golden.objects());
        var config = Files.writeString(folder.resolve("config.json"), golden.config());
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var args = new String[] {
            "render",
            "-f",
            objects.toString(),
            "--config",
            config.toString(),
            "--family",
            family.toString(),
            "--format",
            format
        };
        int status = Main.run(args, new PrintStream(out), new PrintStream(err));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
