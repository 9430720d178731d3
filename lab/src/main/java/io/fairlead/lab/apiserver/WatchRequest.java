package io.fairlead.lab.apiserver;

import java.time.Duration;
import java.util.Optional;

/**
 * How a watch wants to begin and end.
 *
 * @param version the changes after it are wanted; empty or 0 for wherever the server is
 * @param bookmarks whether the client understands bookmarks
 * @param initialEvents sendInitialEvents: whether the present objects come first; if not said, they come when no version is
 *     given
 */
record WatchRequest(long version, boolean bookmarks, Optional<Boolean> initialEvents, Optional<Duration> timeout) {

    /** @param streamingLists whether the server knows sendInitialEvents; servers before 1.32 refuse it */
    static WatchRequest of(ResourceType type, QueryParameters query, boolean streamingLists) {
        Optional<Boolean> initialEvents = query.get("sendInitialEvents").map(_ -> query.flag("sendInitialEvents"));
        boolean notOlderThan =
                query.get("resourceVersionMatch").filter("NotOlderThan"::equals).isPresent();
        if (initialEvents.isPresent() && !streamingLists) {
            throw ApiException.invalid(type, "", "sendInitialEvents", "this server does not stream lists");
        }
        if (initialEvents.isPresent() && !notOlderThan) {
            throw ApiException.invalid(
                    type, "", "resourceVersionMatch", "must be NotOlderThan together with sendInitialEvents");
        }
        if (initialEvents.isEmpty() && query.get("resourceVersionMatch").isPresent()) {
            throw ApiException.invalid(
                    type, "", "resourceVersionMatch", "not allowed for a watch without sendInitialEvents");
        }
        var seconds = query.number("timeoutSeconds");
        return new WatchRequest(
                query.number("resourceVersion").orElse(0),
                query.flag("allowWatchBookmarks"),
                initialEvents,
                seconds.isPresent() && seconds.getAsLong() > 0
                        ? Optional.of(Duration.ofSeconds(seconds.getAsLong()))
                        : Optional.empty());
    }

    boolean beginsWithObjects() {
        return initialEvents.orElse(version == 0);
    }

    /** The client waits for the bookmark that ends the initial events. */
    boolean marksEndOfObjects() {
        return bookmarks && initialEvents.orElse(false);
    }
}
