package io.fairlead.proxy.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.source.api.ApiClient;
import io.fairlead.proxy.source.api.ApiConfigException;
import io.fairlead.proxy.source.api.ApiException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one kind in step with the API: lists it, watches it from there, and lists again when the watch cannot go on
 * (410 Gone, or something that is not a watch). Never gives up; ends when its thread is interrupted.
 */
final class Reflector implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ApiSource.class);

    private static final int GONE = 410;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    /** A watch that ends at once, without error, is no reason to hammer the server. */
    private static final Duration SHORT_WATCH = Duration.ofSeconds(1);

    /** client-go's: 5 to 10 minutes, at random so that not all watches end together. */
    private static final int MIN_WATCH_SECONDS = 300;

    private final WatchedKind kind;
    private final ApiClient client;
    private final ClusterSource.Listener listener;
    private final KnownObjects known = new KnownObjects();
    private final Lister lister;
    private final Watcher watcher;
    private final Backoff backoff;
    private final ConnectionLog log;
    private final RandomGenerator random;
    private String version = "";
    private boolean synced;
    /** Whether a watch has worked since the last list. */
    private boolean stood;

    Reflector(
            WatchedKind kind,
            ApiClient client,
            Interner interner,
            ApiSource.Pace pace,
            ClusterSource.Listener listener) {
        this.kind = kind;
        this.client = client;
        this.listener = listener;
        this.random = RandomGenerator.getDefault();
        this.backoff = new Backoff(pace.firstRetry(), pace.longestRetry(), random);
        this.log = new ConnectionLog(kind);
        var decoder = new ObjectDecoder(new Origin.Api(), LOG::warn, interner);
        this.lister = new Lister(kind, client, decoder, pace.silence());
        this.watcher = new Watcher(kind, client, decoder, pace.silence());
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            var wait = step();
            if (wait.isPositive()) {
                sleep(wait);
            }
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** A list or a watch, to its end. Returns how long to wait before the next. */
    private Duration step() {
        try {
            if (version.isEmpty()) {
                list();
                return Duration.ZERO;
            }
            return watch();
        } catch (ApiException e) {
            doWithout(e.code());
            return e.code() == GONE ? gone() : failed(describe(e), e.code(), e.retryAfter());
        } catch (JsonEOFException _) {
            version = "";
            return failed("the answer ends in the middle of an object", 0, Optional.empty());
        } catch (JsonProcessingException e) {
            version = "";
            return failed("not a Kubernetes answer: " + e.getOriginalMessage(), 0, Optional.empty());
        } catch (SocketTimeoutException e) {
            // Nothing has happened, or nothing gets through any more: a new connection will tell.
            return broken(e).orElseGet(() -> failed(describe(e), 0, Optional.empty()));
        } catch (ConnectException _) {
            return failed("cannot connect; is the server up, and the address right?", 0, Optional.empty());
        } catch (IOException e) {
            // One end of a connection is no loss yet: servers restart, and balancers move connections.
            return broken(e)
                    .map(_ -> backoff.next(Optional.empty()))
                    .orElseGet(() -> failed(describe(e), 0, Optional.empty()));
        } catch (RuntimeException e) {
            LOG.error("{}: a bug in Fairlead; listing again", kind, e);
            version = "";
            return backoff.next(Optional.empty());
        }
    }

    /** No wait before the next attempt when it was a watch that had worked; only that attempt tells whether the API is lost. */
    private Optional<Duration> broken(IOException e) {
        if (!stood || version.isEmpty()) {
            return Optional.empty();
        }
        stood = false;
        LOG.debug("{}: {}; connecting again", kind, describe(e));
        return Optional.of(Duration.ZERO);
    }

    private static String describe(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void list() throws IOException {
        known.beginList();
        version = lister.list(decoded -> known.listed(decoded), () -> {
            // While nothing is synced a page can go out at once; later, differences go out together.
            if (!synced) {
                deliver(known.takePage());
            }
        });
        deliver(known.endList());
        stood = false;
        if (!synced) {
            synced = true;
            listener.synced(kind.kind());
        }
    }

    private Duration watch() throws IOException {
        int seconds = MIN_WATCH_SECONDS + random.nextInt(MIN_WATCH_SECONDS + 1);
        long start = System.nanoTime();
        watcher.watch(
                version,
                seconds,
                () -> {
                    stood = true;
                    log.recovered();
                    backoff.reset();
                },
                event -> {
                    event.object().ifPresent(decoded -> deliver(known.watched(decoded, event.deleted())));
                    version = event.version();
                });
        boolean tooShort = !stood && System.nanoTime() - start < SHORT_WATCH.toNanos();
        return tooShort ? failed("the watch ended at once", 0, Optional.empty()) : Duration.ZERO;
    }

    private void deliver(List<ClusterChange> changes) {
        if (!changes.isEmpty()) {
            listener.changed(changes);
        }
    }

    /** Nobody waits for what the server does not have or does not show; it may come later. */
    private void doWithout(int code) {
        if (!kind.required() && !synced && (code == NOT_FOUND || code == FORBIDDEN)) {
            synced = true;
            listener.synced(kind.kind());
        }
    }

    /** At once after a watch that worked; a server that is always too late for its own versions is given time. */
    private Duration gone() {
        if (version.isEmpty()) {
            LOG.info("{}: the list changed too much between its pages; listing from the start", kind);
        } else {
            LOG.info("{}: the API server no longer has version {}; listing again", kind, Text.quoted(version));
        }
        version = "";
        return stood ? Duration.ZERO : backoff.next(Optional.empty());
    }

    private Duration failed(String why, int code, Optional<Duration> retryAfter) {
        if (Thread.currentThread().isInterrupted()) {
            return Duration.ZERO;
        }
        log.lost(client.server() + ": " + Text.plain(client.withoutCredential(why)));
        try {
            client.reload(code == 401 || code == 403);
        } catch (ApiConfigException e) {
            log.lost(Text.plain(String.valueOf(e.getMessage())));
        }
        return backoff.next(retryAfter);
    }
}
