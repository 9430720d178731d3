package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.TableImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Finds elements in the sets and maps of a table. */
final class NftSets {

    /**
     * @param exact by key
     * @param bounds by first value, and by the value after the last one
     * @param ranges that have to be tried one by one
     */
    private record Index(Map<Data, Element> exact, NavigableMap<Data, Element> bounds, List<Element> ranges) {}

    private final TableImage table;
    private final Map<String, Index> indexes = new ConcurrentHashMap<>();

    NftSets(TableImage table) {
        this.table = table;
    }

    /** How many bytes of registers a key is; empty for a set that is not there. */
    Optional<Integer> keyLength(SetRef set) {
        return types(set).map(DataType::concatenatedLength);
    }

    /** Whether its elements are a program's, not the rules'. */
    boolean isFilledByRules(SetRef set) {
        return set instanceof SetRef.Named(String name)
                && table.set(name)
                        .filter(known -> known.is(NftSet.Flag.DYNAMIC))
                        .isPresent();
    }

    private Optional<List<DataType>> types(SetRef set) {
        return switch (set) {
            case SetRef.Named(String name) -> table.set(name).map(NftSet::key);
            case SetRef.Anonymous anonymous -> Optional.of(anonymous.key());
        };
    }

    Optional<Element> find(SetRef set, Data key) {
        var types = types(set).orElse(List.of());
        return switch (set) {
            case SetRef.Named(String name) -> find(indexes.computeIfAbsent(name, this::index), key, types);
            case SetRef.Anonymous anonymous -> {
                if (anonymous.interval()) {
                    yield find(index(anonymous.elements(), true), key, types);
                }
                yield anonymous.elements().stream()
                        .filter(element -> element.key().equals(key))
                        .findFirst();
            }
        };
    }

    private Index index(String name) {
        boolean interval =
                table.set(name).filter(set -> set.is(NftSet.Flag.INTERVAL)).isPresent();
        return index(table.elementsOf(name), interval);
    }

    private static Index index(List<Element> elements, boolean interval) {
        if (!interval) {
            var exact = new HashMap<Data, Element>();
            elements.forEach(element -> exact.put(element.key(), element));
            return new Index(exact, new TreeMap<>(), List.of());
        }
        var bounds = new TreeMap<Data, Element>();
        for (var element : elements) {
            // A range that begins where another one ends is what counts there.
            if (element.keyEnd().isEmpty() && (!element.intervalEnd() || !bounds.containsKey(element.key()))) {
                bounds.put(element.key(), element);
            }
        }
        return new Index(
                Map.of(),
                bounds,
                elements.stream()
                        .filter(element -> element.keyEnd().isPresent())
                        .toList());
    }

    private static Optional<Element> find(Index index, Data key, List<DataType> types) {
        var exact = index.exact().get(key);
        if (exact != null) {
            return Optional.of(exact);
        }
        var below = index.bounds().floorEntry(key);
        if (below != null && !below.getValue().intervalEnd()) {
            return Optional.of(below.getValue());
        }
        return index.ranges().stream().filter(range -> holds(range, key, types)).findFirst();
    }

    /** Every part of the key lies in the same part of the range. */
    private static boolean holds(Element range, Data key, List<DataType> types) {
        int at = 0;
        for (var type : types) {
            var part = key.slice(at, type.length());
            if (part.compareTo(range.key().slice(at, type.length())) < 0
                    || part.compareTo(range.keyEnd().orElse(range.key()).slice(at, type.length())) > 0) {
                return false;
            }
            at += Data.padded(type.length());
        }
        return true;
    }
}
