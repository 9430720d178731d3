package io.fairlead.proxy.source.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response body as it arrives: at most one network buffer is held. Reading ends with an error when the server is silent
 * for too long (a dead connection says nothing either), or sends more than is allowed between two {@link #allow} calls.
 */
public final class BodyStream extends InputStream implements HttpResponse.BodySubscriber<BodyStream> {

    private sealed interface Arrival {
        record Data(List<ByteBuffer> buffers) implements Arrival {}

        record Failure(Throwable cause) implements Arrival {}

        record End() implements Arrival {}
    }

    private final Duration silence;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private volatile Optional<Flow.Subscription> subscription = Optional.empty();
    private Iterator<ByteBuffer> buffers = List.<ByteBuffer>of().iterator();
    private ByteBuffer current = ByteBuffer.allocate(0);
    private boolean ended;
    private long allowed = Long.MAX_VALUE;
    private long limit = Long.MAX_VALUE;
    private Duration quiet = Duration.ZERO;
    private @Nullable Runnable whenQuiet;

    /** @param silence how long the server may say nothing */
    BodyStream(Duration silence) {
        this.silence = silence;
    }

    /** From here on at most so many bytes are read without another call of this. */
    public void allow(long bytes) {
        allowed = bytes;
        limit = bytes;
    }

    /** Runs {@code action} once, on the reading thread, when nothing has come for so long and the stream still stands. */
    public void whenQuiet(Duration after, Runnable action) {
        quiet = after;
        whenQuiet = action;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        while (!current.hasRemaining()) {
            if (ended) {
                return -1;
            }
            if (buffers.hasNext()) {
                current = buffers.next();
            } else {
                await();
            }
        }
        int count = Math.min(length, current.remaining());
        allowed -= count;
        if (allowed < 0) {
            throw new IOException("more than " + (limit >> 20) + " MiB in one piece");
        }
        current.get(target, from, count);
        return count;
    }

    private void await() throws IOException {
        switch (next()) {
            case Arrival.Data(var data) -> {
                buffers = data.iterator();
                subscription.ifPresent(s -> s.request(1));
            }
            case Arrival.Failure(var cause) -> {
                ended = true;
                throw new IOException(String.valueOf(cause.getMessage()), cause);
            }
            case Arrival.End _ -> ended = true;
        }
    }

    private Arrival next() throws IOException {
        try {
            var arrival = arrivals.poll(whenQuiet == null ? 0 : quiet.toMillis(), TimeUnit.MILLISECONDS);
            if (arrival == null && whenQuiet != null) {
                whenQuiet.run();
                whenQuiet = null;
            }
            if (arrival == null) {
                arrival = arrivals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (arrival == null) {
                close();
                throw new SocketTimeoutException("nothing came for " + silence.toSeconds() + " s");
            }
            return arrival;
        } catch (InterruptedException _) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() {
        ended = true;
        subscription.ifPresent(Flow.Subscription::cancel);
    }

    @Override
    public CompletionStage<BodyStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = Optional.of(newSubscription);
        newSubscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        arrivals.add(new Arrival.Data(item));
    }

    @Override
    public void onError(Throwable throwable) {
        arrivals.add(new Arrival.Failure(throwable));
    }

    @Override
    public void onComplete() {
        arrivals.add(new Arrival.End());
    }
}
