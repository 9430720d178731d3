package io.fairlead.netfilter.nftables;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The set or map that a rule looks something up in. */
public sealed interface SetRef {

    static SetRef named(String name) {
        return new Named(name);
    }

    /** One of the table's sets. */
    record Named(String name) implements SetRef {

        @Override
        public String toString() {
            return "@" + name;
        }
    }

    /**
     * A set that belongs to the rule. It is made with the rule, and goes with it; it has no name that would last.
     *
     * <p>Two with the same elements are equal: elements are sorted by their keys, and the end of a range that nft puts
     * before the first range, which means nothing, is left out.
     *
     * @param key one type, or the parts of a concatenation
     * @param value empty for a set; {@link DataType#VERDICT} alone, one type, or the parts of a concatenation for a map
     * @param interval whether elements are ranges: see {@link Element}
     */
    record Anonymous(List<DataType> key, List<DataType> value, boolean interval, List<Element> elements)
            implements SetRef {

        private static final Comparator<Element> ORDER =
                Comparator.comparing(Element::key).thenComparing(Element::intervalEnd, Comparator.reverseOrder());

        public Anonymous {
            key = List.copyOf(key);
            value = List.copyOf(value);
            var sorted = new ArrayList<>(elements);
            sorted.sort(ORDER);
            if (!sorted.isEmpty() && sorted.getFirst().intervalEnd()) {
                sorted.removeFirst();
            }
            elements = List.copyOf(sorted);
        }

        public boolean isMap() {
            return !value.isEmpty();
        }
    }
}
