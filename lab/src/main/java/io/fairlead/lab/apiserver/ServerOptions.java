package io.fairlead.lab.apiserver;

import io.fairlead.lab.schema.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a server behaves.
 *
 * @param requireNamespaces objects can be created only in namespaces that exist
 * @param streamingLists sendInitialEvents is understood
 * @param goneAsHttpStatus a watch from a forgotten version is answered with HTTP 410; otherwise, as servers do today, with
 *     200 and an ERROR event that says 410
 * @param bookmarkInterval how long a quiet watch waits before its next bookmark
 * @param watchTimeout how long a watch lasts that does not say
 * @param schema what fields objects have; empty if they may have any
 * @param tables how types are shown as tables; types without one are not
 * @param aliases types that are views of others
 * @param logs where the output of pods is
 */
record ServerOptions(
        boolean requireNamespaces,
        boolean streamingLists,
        boolean goneAsHttpStatus,
        Duration bookmarkInterval,
        Duration watchTimeout,
        Optional<Schema> schema,
        Function<ResourceType, Optional<Table>> tables,
        List<ResourceAlias> aliases,
        PodLogs logs) {

    ServerOptions {
        aliases = List.copyOf(aliases);
    }

    /** The stored type behind a type that clients name, with how to get from one to the other. */
    Optional<ResourceAlias> alias(ResourceType shown) {
        return aliases.stream().filter(alias -> alias.shown().equals(shown)).findFirst();
    }
}
