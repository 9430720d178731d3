package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Elements as nft writes them. */
final class ElementText {

    private static final Comparator<Element> ORDER =
            Comparator.comparing(Element::key).thenComparing(Element::intervalEnd, Comparator.reverseOrder());

    private ElementText() {}

    static List<String> of(List<DataType> key, List<DataType> value, boolean interval, List<Element> elements) {
        return interval && key.size() == 1
                ? ranges(key.getFirst(), value, elements)
                : elements.stream()
                        .map(element -> text(ValueText.key(key, element), value, element))
                        .toList();
    }

    /** Each begins at an element and ends before the next one, or at the highest value. */
    private static List<String> ranges(DataType type, List<DataType> value, List<Element> elements) {
        var sorted = elements.stream().sorted(ORDER).toList();
        var texts = new ArrayList<String>();
        for (int i = 0; i < sorted.size(); i++) {
            var first = sorted.get(i);
            if (first.intervalEnd()) {
                continue;
            }
            if (first.isCatchAll()) {
                texts.add(text("*", value, first));
                continue;
            }
            var last = i + 1 < sorted.size()
                    ? RangeText.before(sorted.get(i + 1).key())
                    : highest(first.key().length());
            texts.add(text(RangeText.of(type, first.key(), last), value, first));
        }
        return texts;
    }

    private static Data highest(int length) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0xff);
        return Data.of(bytes);
    }

    private static String text(String key, List<DataType> valueTypes, Element element) {
        var text = new StringBuilder(key);
        if (element.timeoutMillis() != 0) {
            text.append(" timeout ").append(TimeText.of(element.timeoutMillis()));
        }
        if (element.expiresMillis() != 0) {
            text.append(" expires ").append(TimeText.of(element.expiresMillis()));
        }
        if (!element.comment().isEmpty()) {
            text.append(" comment ").append(ValueText.quoted(element.comment()));
        }
        element.value().ifPresent(value -> text.append(" : ").append(ValueText.of(valueTypes, value)));
        return text.toString();
    }
}
