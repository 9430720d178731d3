package io.fairlead.netfilter.iptables;

import java.util.ArrayList;
import java.util.List;

/** Keeps the lines around one line of a script, by writing it once more. */
final class Surroundings implements Appendable {

    private final int line;
    private final int reach;
    private final List<IptablesException.Line> kept = new ArrayList<>();
    private int number;

    /**
     * @param line 1-based; nothing is kept when it is not
     * @param reach how many lines before and after it
     */
    Surroundings(int line, int reach) {
        this.line = line;
        this.reach = reach;
    }

    static List<IptablesException.Line> of(RestoreScript script, int line, int reach) {
        var surroundings = new Surroundings(line, reach);
        script.writeTo(new RestorePrinter(surroundings));
        return surroundings.kept();
    }

    List<IptablesException.Line> kept() {
        return List.copyOf(kept);
    }

    /** The printer hands over whole lines. */
    @Override
    public Appendable append(CharSequence text) {
        number++;
        if (line > 0 && Math.abs(number - line) <= reach) {
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
