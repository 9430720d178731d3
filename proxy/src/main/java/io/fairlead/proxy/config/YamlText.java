package io.fairlead.proxy.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** Prints a tree as YAML in the form Go's printer gives it: keys sorted, two spaces, lists at the indent of their key. */
final class YamlText {

    /** What a YAML 1.1 reader would not take for text. */
    private static final Pattern NOT_TEXT = Pattern.compile("|~|(?i:null|true|false|yes|no|on|off|y|n)|<<|="
            + "|[-+]?(\\.\\d+|\\d[\\d_]*(\\.\\d*)?)([eE][-+]?\\d+)?|0[xob][0-9a-fA-F_]+"
            + "|[-+]?\\d[\\d_]*(:[0-5]?\\d)+(\\.[\\d_]*)?|[-+]?\\.(?i:inf)|\\.(?i:nan)|\\d{4}-\\d\\d?-\\d\\d?.*");

    /** What would be taken for YAML's own marks. */
    private static final Pattern NEEDS_QUOTES =
            Pattern.compile("[#,\\[\\]{}&*!|>'\"%@`].*|[-?:]|[-?:] .*|.*: .*|.*:| .*|.* |.* #.*|---.*");

    private YamlText() {}

    static String write(SortedMap<String, Object> document) {
        var text = new StringBuilder();
        mapping(document, "", text);
        return text.toString();
    }

    private static void mapping(Map<?, ?> fields, String indent, StringBuilder text) {
        fields.forEach((key, value) -> {
            text.append(indent).append(string(key.toString())).append(':');
            field(value, indent, text);
        });
    }

    private static void field(Object value, String indent, StringBuilder text) {
        switch (value) {
            case Map<?, ?> map when map.isEmpty() -> text.append(" {}\n");
            case Map<?, ?> map -> mapping(map, indent + "  ", text.append('\n'));
            // An absent list and an empty one are the same here; kube-proxy writes null for both.
            case List<?> list when list.isEmpty() -> text.append(" null\n");
            case List<?> list -> {
                text.append('\n');
                list.forEach(item -> item(item, indent, text));
            }
            default -> text.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static void item(Object item, String indent, StringBuilder text) {
        if (item instanceof Map<?, ?> map) {
            int start = text.length();
            mapping(map, indent + "  ", text);
            text.replace(start, start + indent.length() + 2, indent + "- ");
        } else {
            text.append(indent).append("- ").append(scalar(item)).append('\n');
        }
    }

    private static String scalar(Object value) {
        return switch (value) {
            case Boolean flag -> flag.toString();
            case BigDecimal number -> number.toPlainString();
            case Number number -> number.toString();
            default -> string(value.toString());
        };
    }

    private static String string(String text) {
        if (NOT_TEXT.matcher(text).matches() || text.chars().anyMatch(YamlText::unprintable)) {
            return GoText.quote(text);
        }
        return NEEDS_QUOTES.matcher(text).matches() ? "'" + text.replace("'", "''") + "'" : text;
    }

    private static boolean unprintable(int c) {
        return c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff;
    }
}
