package io.fairlead.lab.apiserver;

import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which objects a list, watch or deletion of a collection is about. */
record Selection(ResourceType type, Optional<String> namespace, LabelSelector labels, FieldSelector fields) {

    /**
     * The selection a request asks for.
     *
     * @param name a single object's name in the path, where a watch of one object is asked for
     */
    static Selection of(ResourceType type, Optional<String> namespace, Optional<String> name, QueryParameters query) {
        var fields = FieldSelector.parse(query.get("fieldSelector").orElse(""));
        if (name.isPresent()) {
            var both = new ArrayList<>(fields.comparisons());
            both.add(new FieldSelector.Comparison(List.of("metadata", "name"), true, name.get()));
            fields = new FieldSelector(both);
        }
        return new Selection(
                type, namespace, LabelSelector.parse(query.get("labelSelector").orElse("")), fields);
    }

    boolean matches(StoredObject object) {
        return object.type().equals(type)
                && inNamespace(object.name())
                && labels.matches(object.labels())
                && fields.matches(object);
    }

    boolean inNamespace(NamespacedName name) {
        return namespace.isEmpty() || namespace.get().equals(name.namespace());
    }

    /** Whether every object of the type and namespace is selected. */
    boolean isWhole() {
        return labels.requirements().isEmpty() && fields.comparisons().isEmpty();
    }
}
