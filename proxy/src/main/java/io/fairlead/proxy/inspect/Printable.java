package io.fairlead.proxy.inspect;

/** Texts from elsewhere, made fit for a terminal. */
final class Printable {

    private Printable() {}

    /** Every control and format character as {@code \\u001b}: names and comments must not steer a terminal. */
    static String of(String text) {
        if (text.chars().allMatch(Printable::isPlain)) {
            return text;
        }
        var plain = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> plain.append(isPlain(c) ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
        return plain.toString();
    }

    private static boolean isPlain(int c) {
        return !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
    }
}
