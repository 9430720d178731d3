package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.ClusterChange;
import java.util.Map;
import java.util.Set;

/**
 * What one manifest file holds for a proxy.
 *
 * @param objects in the file's order
 * @param refused objects that are there and unusable; why has been reported
 */
record Manifest(Map<ObjectKey, Item> objects, Set<ObjectKey> refused) {

    /**
     * @param line where in the file it begins
     */
    record Item(ClusterChange change, int line) {}

    static final Manifest EMPTY = new Manifest(Map.of(), Set.of());
}
