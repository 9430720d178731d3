package io.fairlead.netfilter.iptables;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words as iptables-restore does. */
final class Words {

    /** @param quoted written in quotes, and so a value and never an option */
    record Word(String text, boolean quoted) {

        boolean isOption() {
            return !quoted && text.length() > 1 && text.charAt(0) == '-';
        }

        boolean isNegation() {
            return !quoted && text.equals("!");
        }
    }

    private Words() {}

    /** @throws IllegalArgumentException when a quote is left open */
    static List<Word> split(String line) {
        var words = new ArrayList<Word>(24);
        int length = line.length();
        int i = 0;
        while (i < length) {
            char c = line.charAt(i);
            if (c == ' ' || c == '\t') {
                i++;
            } else if (c == '"') {
                i = quoted(line, i + 1, words);
            } else {
                int start = i;
                while (i < length && line.charAt(i) != ' ' && line.charAt(i) != '\t') {
                    i++;
                }
                words.add(new Word(line.substring(start, i), false));
            }
        }
        return words;
    }

    private static int quoted(String line, int from, List<Word> words) {
        int close = from;
        while (close < line.length() && line.charAt(close) != '"') {
            if (line.charAt(close) == '\\') {
                return escaped(line, from, words);
            }
            close++;
        }
        if (close == line.length()) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        words.add(new Word(line.substring(from, close), true));
        return close + 1;
    }

    private static int escaped(String line, int from, List<Word> words) {
        var text = new StringBuilder();
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                words.add(new Word(text.toString(), true));
                return i + 1;
            }
            if (c == '\\' && i + 1 < line.length()) {
                i++;
                c = line.charAt(i);
            }
            text.append(c);
        }
        throw new IllegalArgumentException("a quote is not closed");
    }
}
