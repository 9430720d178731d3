package io.fairlead.proxy.source;

/** Text from outside, as it may appear in a log line, and as a name. */
final class Text {

    /** A log line needs the beginning of a value, not all of it. */
    private static final int SHOWN = 64;

    private Text() {}

    /** In quotes, on one line, in printable ASCII, and short. */
    static String quoted(String value) {
        var text = new StringBuilder("\"");
        int shown = Math.min(value.length(), SHOWN);
        for (int i = 0; i < shown; i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c > '~') {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
        return shown < value.length()
                ? text.append("… (")
                        .append(value.length())
                        .append(" characters)")
                        .toString()
                : text.toString();
    }

    /** On one line and short, without quotes: for text that is a sentence of its own, like a server's message. */
    static String plain(String value) {
        var text = new StringBuilder();
        int shown = Math.min(value.length(), 3 * SHOWN);
        for (int i = 0; i < shown; i++) {
            char c = value.charAt(i);
            text.append(c < ' ' || c == 0x7f ? ' ' : c);
        }
        return shown < value.length() ? text + "…" : text.toString();
    }

    /**
     * Letters, digits and inner hyphens, at most 63 (RFC 1123, section 2.1). The API server wants lower case as well;
     * upper case does no harm here.
     */
    static boolean isDnsLabel(String name) {
        return name.length() <= 63 && isLabel(name, 0, name.length());
    }

    /** DNS labels joined by dots, at most 253 characters. */
    static boolean isDnsSubdomain(String name) {
        if (name.length() > 253) {
            return false;
        }
        int from = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
            if (!isLabel(name, from, dot)) {
                return false;
            }
            from = dot + 1;
        }
        return isLabel(name, from, name.length());
    }

    private static boolean isLabel(String name, int from, int to) {
        if (from == to || name.charAt(from) == '-' || name.charAt(to - 1) == '-') {
            return false;
        }
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }
}
