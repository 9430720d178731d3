package io.fairlead.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One connection to a browser in its DevTools protocol: numbered commands, each with one answer. Events are ignored. */
final class DevTools implements WebSocket.Listener {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 60;

    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private volatile @Nullable WebSocket socket;

    @Override
    public void onOpen(WebSocket opened) {
        socket = opened;
        opened.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            received(message.toString());
            message.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void received(String text) {
        try {
            var answer = JSON.readTree(text);
            var asked = waiting.remove(answer.path("id").asInt(-1));
            if (asked != null) {
                asked.complete(answer);
            }
        } catch (IOException e) {
            waiting.values().forEach(asked -> asked.completeExceptionally(e));
        }
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        waiting.values().forEach(asked -> asked.completeExceptionally(error));
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        onError(from, new IOException("the browser closed the connection: " + status + " " + reason));
        return null;
    }

    /** @param session of the tab that is meant; empty for the browser itself */
    JsonNode call(String session, String method, Map<String, ?> parameters) throws IOException, InterruptedException {
        int id = lastId.incrementAndGet();
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        var asked = new CompletableFuture<JsonNode>();
        waiting.put(id, asked);
        var open = socket;
        if (open == null) {
            throw new IOException("not connected");
        }
        try {
            open.sendText(command.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            var answer = asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer.has("error")) {
                throw new IOException(method + ": " + answer.get("error"));
            }
            return answer.path("result");
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(method + " got no answer", e);
        }
    }
}
