package io.fairlead.lab.apiserver;

import static io.fairlead.lab.apiserver.Services.labelled;
import static io.fairlead.lab.apiserver.Services.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** Whatever happens, a client that lists and then watches ends with what the store holds. */
class ConvergenceTest {

    /** Something that happens while the client follows. */
    sealed interface Step {

        record Write(int object, int value) implements Step {}

        record Delete(int object) implements Step {}

        record Compact() implements Step {}

        record CloseWatches() implements Step {}

        record TruncateWatches() implements Step {}

        record ExpireWatches() implements Step {}

        record FailNext() implements Step {}

        record Restart() implements Step {}

        record Rest() implements Step {}
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        var objects = Arbitraries.integers().between(0, 9);
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(
                                12,
                                Combinators.combine(
                                                objects, Arbitraries.integers().between(0, 99))
                                        .as(Step.Write::new)),
                        Tuple.of(6, objects.map(Step.Delete::new)),
                        Tuple.of(6, Arbitraries.just(new Step.Rest())),
                        Tuple.of(2, Arbitraries.just(new Step.Compact())),
                        Tuple.of(2, Arbitraries.just(new Step.CloseWatches())),
                        Tuple.of(1, Arbitraries.just(new Step.TruncateWatches())),
                        Tuple.of(1, Arbitraries.just(new Step.ExpireWatches())),
                        Tuple.of(1, Arbitraries.just(new Step.FailNext())),
                        Tuple.of(1, Arbitraries.just(new Step.Restart())))
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void aClientThatListsAndWatchesEndsWithTheStoresContent(
            @ForAll("histories") List<Step> history, @ForAll boolean streaming) throws Exception {
        try (var server = ApiServer.builder()
                        .bookmarksEvery(Duration.ofMillis(5))
                        .store(ObjectStore.create(ResourceTypes.standard(), 20, InstantSource.system()))
                        .start();
                var follower = new Follower(server, streaming)) {
            follower.start();
            for (var step : history) {
                happen(step, server);
            }
            server.faults().clear();
            assertThat(follower.after(server.store().image().resourceVersion())).isEqualTo(content(server.store()));
        }
    }

    private static void happen(Step step, ApiServer server) throws IOException, InterruptedException {
        var store = server.store();
        switch (step) {
            case Step.Write(int object, int value) -> store.put(labelled("s" + object, "value", "v" + value));
            case Step.Delete(int object) -> {
                if (store.get(ResourceTypes.SERVICES, named("s" + object)).isPresent()) {
                    store.delete(ResourceTypes.SERVICES, named("s" + object));
                }
            }
            case Step.Compact() -> store.compact();
            case Step.CloseWatches() -> server.watches().close();
            case Step.TruncateWatches() -> server.watches().truncate();
            case Step.ExpireWatches() -> server.watches().expire();
            case Step.FailNext() -> server.faults().times(1, RequestLine.under("/api"), Fault.serverError());
            case Step.Restart() -> server.restart();
            case Step.Rest() -> Thread.sleep(5);
        }
    }

    private static Map<String, String> content(ObjectStore store) {
        var content = new TreeMap<String, String>();
        store.image()
                .objects(ResourceTypes.SERVICES)
                .forEach(object -> content.put(
                        object.name().name(), object.labels().get("value") + " @" + object.resourceVersion()));
        return content;
    }
}
