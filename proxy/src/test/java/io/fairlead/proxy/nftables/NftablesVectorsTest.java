package io.fairlead.proxy.nftables;

import io.fairlead.proxy.vectors.VectorFiles;
import io.fairlead.proxy.vectors.VectorReport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Upstream's own tests of its nftables mode, replayed: events in, packet fates out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NftablesVectorsTest {

    private final VectorReport report = new VectorReport();

    @AfterAll
    void printReport() {
        report.print();
    }

    @TestFactory
    Stream<DynamicTest> scenarios() {
        var files = VectorFiles.scenarioFiles("nftables");
        return files.isEmpty()
                ? report.tests("nftables/Test*.json", _ -> "", (_, _) -> {})
                : files.stream()
                        .flatMap(file -> report.tests(
                                file,
                                vector -> vector.path("kind").asText().equals("proxier"),
                                vector -> vector.path("id").asText(),
                                (vector, run) -> new NftScenario(vector, run).play()));
    }
}
