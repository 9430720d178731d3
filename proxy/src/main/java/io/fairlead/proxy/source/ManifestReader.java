package io.fairlead.proxy.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads a manifest file: YAML or JSON, one or many documents, single objects or Lists. Only what a proxy needs is ever
 * in memory. YAML aliases are not followed, so an alias bomb stays small; an object that uses one in a field we read
 * is reported.
 */
final class ManifestReader {

    private static final Logger LOG = LoggerFactory.getLogger(ManifestReader.class);

    private final Parsers parsers = new Parsers();
    private final Interner interner = new Interner();
    private final Consumer<String> problems;
    private final Optional<InputStream> standardInput;

    /**
     * @param problems is told what is wrong inside objects, one line each
     * @param standardInput what the path {@code -} stands for, if it stands for something
     */
    ManifestReader(Consumer<String> problems, Optional<InputStream> standardInput) {
        this.problems = problems;
        this.standardInput = standardInput;
    }

    boolean isStandardInput(Path path) {
        return standardInput.isPresent() && path.toString().equals("-");
    }

    Manifest read(Path file) throws ManifestException {
        if (isStandardInput(file)) {
            return read("standard input", standardInput.orElseThrow());
        }
        try (var in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (NoSuchFileException _) {
            throw new ManifestException(file + ": no such file");
        } catch (IOException e) {
            throw new ManifestException(file + ": cannot be read: " + Text.plain(String.valueOf(e.getMessage())));
        }
    }

    private Manifest read(String name, InputStream in) throws ManifestException {
        var reading = new Reading(new Origin.File(name));
        try (var parser = open(in)) {
            readDocuments(parser, reading);
        } catch (IOException e) {
            throw new ManifestException(name + ": " + Text.plain(String.valueOf(e.getMessage())));
        }
        LOG.debug("{}: {} objects, {} of other kinds", name, reading.objects.size(), reading.others);
        return new Manifest(reading.objects, reading.refused);
    }

    private static void readDocuments(JsonParser parser, Reading reading) throws IOException, ManifestException {
        try {
            while (parser.nextToken() != null) {
                reading.document(parser);
            }
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
                int line = yaml.getProblemMark().getLine() + 1;
                throw new ManifestException(reading.origin.at(line) + ": " + Text.plain(yaml.getProblem()));
            }
            var place = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            throw new ManifestException(
                    reading.origin.at(place.getLineNr()) + ": " + Text.plain(e.getOriginalMessage()));
        }
    }

    /** A file that begins with a brace is JSON, as for kubectl; anything else is YAML. */
    private JsonParser open(InputStream in) throws IOException {
        var reader = new BufferedReader(new Utf8Reader(in), 8192);
        reader.mark(4096);
        int first = reader.read();
        for (int i = 1; i < 4000 && (first == 0xfeff || Character.isWhitespace(first)); i++) {
            first = reader.read();
        }
        reader.reset();
        return first == '{' ? parsers.json(reader) : parsers.yaml(reader);
    }

    /** The state of reading one file. */
    private final class Reading {
        private final Origin origin;
        private final ObjectDecoder decoder;
        private final Map<ObjectKey, Manifest.Item> objects = new LinkedHashMap<>();
        private final Set<ObjectKey> refused = new HashSet<>();
        private int others;

        Reading(Origin origin) {
            this.origin = origin;
            this.decoder = new ObjectDecoder(origin, problems, interner);
        }

        void document(JsonParser parser) throws IOException {
            if (parser.currentToken().isScalarValue() && parser.getText().isBlank()
                    || parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                problems.accept(origin.at(parser.currentTokenLocation().getLineNr())
                        + ": this document is not a Kubernetes object; it is ignored");
                parser.skipChildren();
                return;
            }
            var document = new ObjectDraft(null);
            var undecided = new ArrayList<ObjectDraft>();
            document.read(new FieldReader(parser, interner), () -> item(parser, document, undecided));
            String listKind = document.kind();
            for (var draft : undecided) {
                draft.setKindIfAbsent(itemKind(listKind));
                add(draft);
            }
            if (!isList(listKind)) {
                add(document);
            }
        }

        /** An item whose kind is not known yet waits for the list's own kind. */
        private void item(JsonParser parser, ObjectDraft list, List<ObjectDraft> undecided) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                return;
            }
            var draft = decoder.draft(parser, isList(list.kind()) ? itemKind(list.kind()) : null);
            if (isList(list.kind())) {
                add(draft);
            } else if (list.kind() == null) {
                undecided.add(draft);
            }
        }

        private static boolean isList(@Nullable String kind) {
            return kind != null && kind.endsWith("List");
        }

        /** {@code ServiceList} holds Services; a plain {@code List} anything. */
        private static @Nullable String itemKind(@Nullable String listKind) {
            return !isList(listKind) || listKind == null || listKind.equals("List")
                    ? null
                    : listKind.substring(0, listKind.length() - "List".length());
        }

        private void add(ObjectDraft draft) {
            var decoded = decoder.resolve(draft);
            if (decoded.isEmpty()) {
                others++;
                return;
            }
            switch (decoded.get()) {
                case Decoded.Present present -> {
                    var item = new Manifest.Item(present.change(), draft.line());
                    var first = objects.putIfAbsent(present.key(), item);
                    if (first != null) {
                        problems.accept(origin.at(draft.line()) + ": " + present.key() + " is already in line "
                                + first.line() + "; the first one is used");
                    }
                }
                case Decoded.Absent _ -> {}
                case Decoded.Refused(var key) -> key.ifPresent(refused::add);
            }
        }
    }
}
