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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what others do to our tables. Listening begins with the first listener: a first load, which would come back as so many
 * notifications, is over by then.
 */
final class TableWatch {

    private static final Logger log = LoggerFactory.getLogger(TableWatch.class);

    /** Notifications of a batch of ours, which are passed over, must fit. */
    private static final int QUEUE_BYTES = 8 << 20;

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final Set<Integer> ownPorts = ConcurrentHashMap.newKeySet();
    private final Map<TableId, Runnable> listeners = new ConcurrentHashMap<>();
    private boolean started;

    /** Changes that come from this socket are ours. */
    void own(int port) {
        ownPorts.add(port);
    }

    synchronized void listen(TableId table, Runnable listener) {
        listeners.put(table, listener);
        if (!started) {
            started = true;
            Thread.ofPlatform().name("nft-watch").daemon(true).start(this::run);
        }
    }

    private void run() {
        try (var events = NftablesEvents.open(QUEUE_BYTES)) {
            while (!Thread.currentThread().isInterrupted()) {
                for (var event : events.next(TIMEOUT)) {
                    hear(event);
                }
            }
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("err", e)
                    .log("Not told of others' changes to the nftables rules any more; they are mended once an hour");
        }
    }

    private void hear(NftablesEvent event) {
        switch (event) {
            case NftablesEvent.Changed(var message, int port) -> {
                if (!ownPorts.contains(port)) {
                    tableOf(message).map(listeners::get).ifPresent(Runnable::run);
                }
            }
            case NftablesEvent.Unreadable _ -> {}
            case NftablesEvent.Lost _ -> listeners.values().forEach(Runnable::run);
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
