package io.fairlead.lab.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the lines of a ledger of namespaces; the last one may be cut short by a crash. */
final class LedgerLines {

    private static final String PREFIX =
            "fl"; // every namespace of ours; anything else in the file is not ours to touch

    private LedgerLines() {}

    /** Names that were announced and not removed, with their inode numbers where they were made. */
    static Map<String, Optional<Long>> open(String text) {
        var open = new LinkedHashMap<String, Optional<Long>>();
        for (var line : text.lines().toList()) {
            var words = line.split(" ", -1);
            if (words.length < 2 || !words[1].startsWith(PREFIX) || words[1].contains("/")) {
                continue;
            }
            switch (words[0]) {
                case "announced" -> open.put(words[1], Optional.empty());
                case "made" -> open.put(words[1], inode(words));
                case "removed" -> open.remove(words[1]);
                default -> {}
            }
        }
        return open;
    }

    private static Optional<Long> inode(String[] words) {
        return words.length == 3 && words[2].matches("\\d{1,18}")
                ? Optional.of(Long.parseLong(words[2]))
                : Optional.empty();
    }
}
