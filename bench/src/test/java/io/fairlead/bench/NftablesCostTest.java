package io.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The measurement runs, at a small size, in both layouts, and finds in the kernel what was to be written. */
@Tag("kernel")
@Timeout(120)
class NftablesCostTest {

    @Test
    void bothLayoutsAreWrittenAndChanged() {
        var text = measure("--services=20", "--endpoints=3", "--runs=1", "--changes=10", "--compare-changes=1");
        assertThat(text)
                .contains(
                        "first load 1:",
                        "endpoint replaced",
                        "endpoint removed",
                        "Service deleted",
                        "1,000 changes in one sync",
                        "with 2 Services",
                        "kube-proxy's layout, first load by nft:",
                        "kube-proxy's layout, endpoint replaced:");
    }

    @Test
    void aComparisonThatTakesTooLongIsEnded() {
        var text = measure("--services=2000", "--endpoints=3", "--runs=1", "--changes=1", "--compare-limit=0");
        assertThat(text).contains("first load by nft: more than").doesNotContain("endpoint replaced:");
    }

    private static String measure(String... options) {
        var args = new String[options.length + 1];
        args[0] = "nftables";
        System.arraycopy(options, 0, args, 1, options.length);
        var out = new ByteArrayOutputStream();
        int status = Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8));
        var text = out.toString(StandardCharsets.UTF_8);
        System.out.println(text);
        assertThat(status).as(text).isZero();
        return text;
    }
}
