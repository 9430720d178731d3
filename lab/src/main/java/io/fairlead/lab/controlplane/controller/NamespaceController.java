package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.util.Optional;

/** Furnishes new namespaces, and empties those that end. */
final class NamespaceController implements Controller {

    private static final Duration POLL = Duration.ofMillis(50);

    private final ObjectStore store;
    private final Optional<String> authorityPem;

    /** @param authorityPem what pods are to trust; published in each namespace */
    NamespaceController(ObjectStore store, Optional<String> authorityPem) {
        this.store = store;
        this.authorityPem = authorityPem;
    }

    @Override
    public String name() {
        return "namespace-controller";
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        if (change.object().type().equals(ResourceTypes.NAMESPACES)) {
            queue.add(change.object().name());
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var namespace = store.get(ResourceTypes.NAMESPACES, key).map(StoredObject::toJson);
        if (namespace.isEmpty()) {
            return Optional.empty();
        }
        if (!Pods.isTerminating(namespace.get())) {
            furnish(key.name());
            return Optional.empty();
        }
        if (empty(key.name())) {
            store.edit(ResourceTypes.NAMESPACES, key, old -> {
                old.withObjectProperty("spec").remove("finalizers");
                return old;
            });
            return Optional.empty();
        }
        return Optional.of(POLL);
    }

    private void furnish(String namespace) {
        ensure(ResourceTypes.SERVICE_ACCOUNTS, namespace, "default", Json.object());
        authorityPem.ifPresent(pem -> {
            var content = Json.object();
            content.putObject("data").put("ca.crt", pem);
            ensure(ResourceTypes.CONFIG_MAPS, namespace, "kube-root-ca.crt", content);
        });
    }

    private void ensure(ResourceType type, String namespace, String name, ObjectNode content) {
        if (store.get(type, new NamespacedName(namespace, name)).isEmpty()) {
            content.put("kind", type.kind()).put("apiVersion", type.apiVersion());
            content.putObject("metadata").put("namespace", namespace).put("name", name);
            store.create(type, content);
        }
    }

    /** @return whether nothing is left */
    private boolean empty(String namespace) {
        boolean nothing = true;
        for (var type : store.types().all()) {
            if (type.namespaced()) {
                for (var object : store.image().objects(type, namespace)) {
                    nothing = false;
                    if (!Pods.isTerminating(object.toJson())) {
                        store.delete(type, object.name(), Json.object());
                    }
                }
            }
        }
        return nothing;
    }
}
