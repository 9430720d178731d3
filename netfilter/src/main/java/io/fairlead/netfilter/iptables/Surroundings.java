package io.fairlead.netfilter.iptables;

import java.util.ArrayList;
import java.util.List;

/** Keeps the lines around one line of a script, by writing it once more. */
final class Surroundings implements Appendable {

    private final int first;
    private final int last;
    private final List<IptablesException.Line> kept = new ArrayList<>();
    private int number;

    private Surroundings(int first, int last) {
        this.first = first;
        this.last = last;
    }

    /**
     * @param line 1-based
     * @param reach how many lines before and after it
     */
    static List<IptablesException.Line> of(RestoreScript script, int line, int reach) {
        var surroundings = new Surroundings(line - reach, line + reach);
        script.writeTo(new RestorePrinter(surroundings));
        return surroundings.kept;
    }

    /** The printer hands over whole lines. */
    @Override
    public Appendable append(CharSequence text) {
        number++;
        if (number >= first && number <= last) {
            kept.add(new IptablesException.Line(number, text.toString().strip()));
        }
        return this;
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) {
        return append(text.subSequence(start, end));
    }

    @Override
    public Appendable append(char c) {
        return append(String.valueOf(c));
    }
}
