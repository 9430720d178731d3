package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A watch as its client sees it. */
record WatchReader(BufferedReader lines) implements AutoCloseable {

    /** The next event; empty at the proper end of the stream. */
    Optional<JsonNode> next() throws IOException {
        var line = lines.readLine();
        return line == null ? Optional.empty() : Optional.of(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
    }

    /** The next event as {@code TYPE name}. */
    String brief() throws IOException {
        return next().map(event -> event.path("type").asText() + " "
                        + event.at("/object/metadata/name").asText())
                .orElse("END");
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
