package io.fairlead.proxy.source;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line when the API is lost, one when it is back; not one for every attempt between. Another reason is a line of its own,
 * once: two that take turns are not worth a line each time.
 */
final class ConnectionLog {

    private static final Logger LOG = LoggerFactory.getLogger(ApiSource.class);

    /** A server that says something else each time is not quoted for ever. */
    private static final int MOST_REASONS = 8;

    private final WatchedKind kind;
    private Optional<Long> lostAt = Optional.empty();
    private final Set<String> reasons = new HashSet<>();

    ConnectionLog(WatchedKind kind) {
        this.kind = kind;
    }

    void lost(String why) {
        if (lostAt.isEmpty()) {
            lostAt = Optional.of(System.nanoTime());
        }
        if (reasons.size() >= MOST_REASONS || !reasons.add(why)) {
            LOG.debug("{}: still: {}", kind, why);
            return;
        }
        LOG.warn("{}: cannot watch the API: {}; what is known stays in force, trying again", kind, why);
    }

    void recovered() {
        lostAt.ifPresent(since -> LOG.info(
                "{}: watching the API again, after {} s",
                kind,
                Duration.ofNanos(System.nanoTime() - since).toSeconds()));
        lostAt = Optional.empty();
        reasons.clear();
    }
}
