package io.fairlead.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.source.ClusterSource.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A start that fails ends the process, which closes the loop while the event that started it is on its way. */
class SyncLoopStartTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(SyncLoop.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final LinkedBlockingQueue<Set<IpFamily>> starting = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void aLoopClosedMeanwhileSaysNothingMore() throws Exception {
        var dataplane = new RecordingDataplane(IpFamily.IPV4);
        startAndClose(List.of(new SyncLoop.Family(new Router(IpFamily.IPV4, "node-1", true), dataplane)));
        assertThat(log.list).isEmpty();
        assertThat(dataplane.calls()).isEmpty();
    }

    /** Health would say yes: no family that it has been told of is late. */
    @Test
    void nothingToWriteIsNoStart() throws Exception {
        startAndClose(List.of());
        assertThat(log.list).isEmpty();
        assertThat(starting).isEmpty();
    }

    private void startAndClose(List<SyncLoop.Family> toWrite) throws Exception {
        var made = new AtomicReference<SyncLoop>();
        var thread = new CompletableFuture<Thread>();
        var settings = new SyncSettings(
                "node-1", Duration.ZERO, Duration.ofSeconds(30), SyncSettings.FULL_SYNC_PERIOD, NodeWait.NONE);
        var loop = new SyncLoop(
                settings,
                _ -> {
                    made.get().close();
                    thread.complete(Thread.currentThread());
                    return toWrite;
                },
                new SyncListener() {
                    @Override
                    public void starting(Set<IpFamily> families) {
                        starting.add(families);
                    }
                });
        made.set(loop);
        for (var kind : Kind.values()) {
            loop.synced(kind);
        }
        assertThat(thread.get(10, TimeUnit.SECONDS).join(Duration.ofSeconds(10)))
                .as("the loop's thread ends")
                .isTrue();
    }
}
