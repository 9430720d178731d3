package io.fairlead.proxy.source;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What was found wrong inside one object, until it is known whether the object matters at all. */
final class ProblemNotes {

    /** Ten thousand bad endpoints in a slice need no ten thousand lines. */
    private static final int SHOWN = 10;

    private record Note(int line, String path, String value, String remedy) {}

    private List<Note> notes = List.of();
    private int count;

    void add(int line, String path, String value, String remedy) {
        if (count++ < SHOWN) {
            if (notes.isEmpty()) {
                notes = new ArrayList<>();
            }
            notes.add(new Note(line, path, value, remedy));
        }
    }

    /** One line each: {@code web.yaml:12: Service default/web: spec.ports[0].port: "70000" is not a port (1–65535)}. */
    void report(Origin origin, String object, Consumer<String> sink) {
        for (var note : notes) {
            sink.accept(origin.at(note.line) + ": " + object + ": " + Text.plain(note.path) + ": "
                    + Text.quoted(note.value) + " " + note.remedy);
        }
        if (count > notes.size()) {
            sink.accept(origin + ": " + object + ": " + (count - notes.size()) + " more problems of this kind");
        }
    }
}
