package io.fairlead.proxy.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OomScoreTest {

    @TempDir
    Path proc;

    @Test
    void isWrittenInDecimal() throws Exception {
        var file = Files.createDirectories(proc.resolve("self")).resolve("oom_score_adj");
        assertThat(OomScore.apply(proc, -999)).isTrue();
        assertThat(file).hasContent("-999");
    }

    @Test
    void withoutThePrivilegeTheProcessGoesOn() throws Exception {
        assertThat(OomScore.apply(proc, -999)).isFalse();
    }
}
