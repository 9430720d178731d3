package io.fairlead.cli;

/** Text for terminals and log lines: whatever it holds, it stays on one line and cannot steer a terminal. */
final class Text {

    private Text() {}

    /** In double quotes; quotes, backslashes and control characters escaped. */
    static String quote(String text) {
        return '"' + escapeControls(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    /** Control and invisible formatting characters as {@code \n}, {@code \t} or {@code \}{@code u001b}. */
    static String escapeControls(String text) {
        if (text.chars().noneMatch(Text::steers)) {
            return text;
        }
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (steers(c)) {
                        escaped.append(String.format("\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }

    /** Whether a terminal would act upon the character, or hide it. */
    static boolean steers(int c) {
        if (c >= 0x20 && c < 0x7f) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
