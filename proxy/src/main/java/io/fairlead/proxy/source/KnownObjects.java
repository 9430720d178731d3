package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.ClusterChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the listener knows of one kind. A list is compared with it, so that listing again delivers differences and never
 * passes through an emptier state. The values are those the image holds as well; they cost no second copy.
 */
final class KnownObjects {

    private final Map<ObjectKey, ClusterChange> known = new HashMap<>();
    private Set<ObjectKey> unseen = Set.of();
    private final Map<ObjectKey, ClusterChange> differing = new HashMap<>();

    /** A list begins; what an abandoned one has said is forgotten. */
    void beginList() {
        unseen = new HashSet<>(known.keySet());
        differing.clear();
    }

    void listed(Decoded decoded) {
        switch (decoded) {
            case Decoded.Present present -> {
                var key = present.key();
                unseen.remove(key);
                if (!present.change().equals(known.get(key))) {
                    differing.put(key, present.change());
                }
            }
            case Decoded.Absent _ -> {}
            case Decoded.Refused(var key) -> key.ifPresent(unseen::remove);
        }
    }

    /** What the pages so far have brought, for a listener that knows nothing yet and can have it piecemeal. */
    List<ClusterChange> takePage() {
        var changes = List.copyOf(differing.values());
        known.putAll(differing);
        differing.clear();
        return changes;
    }

    /** The differences of a complete list, deletions first. */
    List<ClusterChange> endList() {
        var changes = new ArrayList<ClusterChange>(unseen.size() + differing.size());
        for (var key : unseen) {
            changes.add(key.deleted());
            known.remove(key);
        }
        unseen = Set.of();
        changes.addAll(takePage());
        return List.copyOf(changes);
    }

    /** One event of a watch: what it changes. */
    List<ClusterChange> watched(Decoded decoded, boolean deleted) {
        return switch (decoded) {
            case Decoded.Present present
            when !deleted -> {
                known.put(present.key(), present.change());
                yield List.of(present.change());
            }
            case Decoded.Present present -> forget(present.key());
            case Decoded.Absent(var key) -> forget(key);
            case Decoded.Refused(var key) -> deleted && key.isPresent() ? forget(key.get()) : List.of();
        };
    }

    private List<ClusterChange> forget(ObjectKey key) {
        return known.remove(key) == null ? List.of() : List.of(key.deleted());
    }
}
