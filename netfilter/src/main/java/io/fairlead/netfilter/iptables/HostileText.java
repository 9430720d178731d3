package io.fairlead.netfilter.iptables;

import java.nio.charset.StandardCharsets;

/**
 * Refuses text that would not stay inside its word.
 *
 * <p>Names and comments come from API objects. iptables-restore reads line by line, so a line break in a word would
 * begin a command of its own.
 */
final class HostileText {

    /** XT_MAX_COMMENT_LEN less the terminating NUL; no other name is longer. */
    private static final int MAX_BYTES = 255;

    /** XT_EXTENSION_MAXNAMELEN less the terminating NUL. */
    private static final int MAX_CHAIN_BYTES = 28;

    private HostileText() {}

    /** @throws IllegalArgumentException when a character would break the line or cannot be written as UTF-8 */
    static String word(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException("%s holds the control character U+%04X; iptables cannot hold it"
                        .formatted(quoted(text), (int) c));
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(quoted(text) + " is not valid Unicode");
            }
        }
        return text;
    }

    /** A comment, or the name of a list, a counter or an interface. */
    static String name(String text) {
        word(text);
        // Three bytes are the most that UTF-8 needs for one char.
        if (text.length() > MAX_BYTES / 3 && text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException(quoted(text) + " is longer than " + MAX_BYTES + " bytes");
        }
        return text;
    }

    /** A chain: one word in every place where it is written. */
    static String chain(String text) {
        boolean fits = !text.isEmpty() && text.length() <= MAX_CHAIN_BYTES;
        for (int i = 0; fits && i < text.length(); i++) {
            char c = text.charAt(i);
            fits = c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '\\';
        }
        if (!fits || text.charAt(0) == '-' || text.charAt(0) == '!') {
            throw new IllegalArgumentException(quoted(text) + " cannot be a chain: 1–" + MAX_CHAIN_BYTES
                    + " printable ASCII characters, no blank, quote or backslash, not beginning with - or !");
        }
        return text;
    }

    /** For messages: at most some 300 characters, one line. */
    private static String quoted(String text) {
        var shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), 300); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                shown.append("\\u%04x".formatted((int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append(text.length() > 300 ? "…\"" : "\"").toString();
    }
}
