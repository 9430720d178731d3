package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.kernel.NftablesEvent;
import io.fairlead.netfilter.nftables.kernel.NftablesEvents;
import io.fairlead.netfilter.nftables.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what others do to our tables. Listening begins with the first listener: a first load, which would come back as so many
 * notifications, is over by then. Whether somebody else came between is told by the number of transactions: the kernel counts
 * all, and this our own.
 */
final class TableWatch {

    private static final Logger log = LoggerFactory.getLogger(TableWatch.class);

    /** Notifications of a batch of ours, which are passed over, must fit. */
    private static final int QUEUE_BYTES = 8 << 20;

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final Set<Integer> ownPorts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ownTransactions = new AtomicInteger();
    private final Map<TableId, Consumer<Optional<Message>>> listeners = new ConcurrentHashMap<>();
    private boolean started;

    /** Changes that come from this socket are ours. */
    void own(int port) {
        ownPorts.add(port);
    }

    /** A transaction of ours has been applied. */
    void countOwn() {
        ownTransactions.incrementAndGet();
    }

    /** How many of the transactions so far are others'; only to be compared with what this has said before. */
    int countOthers(int generation) {
        return generation - ownTransactions.get();
    }

    /**
     * When this returns, every change is heard.
     *
     * @param listener told of each, with nothing when some have been lost
     */
    synchronized void listen(TableId table, Consumer<Optional<Message>> listener) {
        listeners.put(table, listener);
        if (started) {
            return;
        }
        started = true;
        try {
            var events = NftablesEvents.open(QUEUE_BYTES);
            Thread.ofPlatform().name("nft-watch").daemon(true).start(() -> run(events));
        } catch (IOException e) {
            deaf(e);
        }
    }

    private void run(NftablesEvents subscription) {
        try (var events = subscription) {
            while (!Thread.currentThread().isInterrupted()) {
                for (var event : events.next(TIMEOUT, ownPorts::contains)) {
                    hear(event);
                }
            }
        } catch (IOException e) {
            deaf(e);
        }
    }

    private static void deaf(IOException failure) {
        log.atWarn()
                .addKeyValue("err", failure)
                .log("Not told of others' changes to the nftables rules any more; they are mended once an hour");
    }

    private void hear(NftablesEvent event) {
        switch (event) {
            case NftablesEvent.Changed of ->
                tableOf(of.message())
                        .map(listeners::get)
                        .ifPresent(listener -> listener.accept(Optional.of(of.message())));
            case NftablesEvent.Unreadable _ -> {}
            case NftablesEvent.Lost _ -> listeners.values().forEach(listener -> listener.accept(Optional.empty()));
        }
    }

    private static Optional<TableId> tableOf(Message message) {
        return switch (message) {
            case Message.OfTable of -> Optional.of(of.table().id());
            case Message.OfChain of -> Optional.of(of.table());
            case Message.OfRule of -> Optional.of(of.table());
            case Message.OfSet of -> Optional.of(of.table());
            case Message.OfElements of -> Optional.of(of.table());
            case Message.OfGeneration _ -> Optional.empty();
        };
    }
}
