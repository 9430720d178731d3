package io.fairlead.proxy.cluster;

import java.util.Comparator;

/** An object's namespace and name. */
public record NamespacedName(String namespace, String name) implements Comparable<NamespacedName> {

    private static final Comparator<NamespacedName> ORDER =
            Comparator.comparing(NamespacedName::namespace).thenComparing(NamespacedName::name);

    @Override
    public int compareTo(NamespacedName other) {
        return ORDER.compare(this, other);
    }

    /** {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
