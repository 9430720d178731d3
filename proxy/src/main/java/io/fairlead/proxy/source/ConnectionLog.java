package io.fairlead.proxy.source;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line when the API is lost, one when it is back; not one for every attempt between. */
final class ConnectionLog {

    private static final Logger LOG = LoggerFactory.getLogger(ApiSource.class);

    private final WatchedKind kind;
    private Optional<Long> lostAt = Optional.empty();
    private @Nullable String reason;

    ConnectionLog(WatchedKind kind) {
        this.kind = kind;
    }

    void lost(String why) {
        if (lostAt.isEmpty()) {
            lostAt = Optional.of(System.nanoTime());
        } else if (why.equals(reason)) {
            LOG.debug("{}: still: {}", kind, why);
            return;
        }
        reason = why;
        LOG.warn("{}: cannot watch the API: {}; what is known stays in force, trying again", kind, why);
    }

    void recovered() {
        lostAt.ifPresent(since -> LOG.info(
                "{}: watching the API again, after {} s",
                kind,
                Duration.ofNanos(System.nanoTime() - since).toSeconds()));
        lostAt = Optional.empty();
        reason = null;
    }
}
