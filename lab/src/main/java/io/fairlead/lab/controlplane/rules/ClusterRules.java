package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ObjectRules;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoreImage;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The rules of a cluster, type by type. */
public final class ClusterRules implements ObjectRules {

    private static final Set<ResourceType> WORKLOADS =
            Set.of(ResourceTypes.DEPLOYMENTS, ResourceTypes.REPLICA_SETS, ResourceTypes.DAEMON_SETS);

    private final ServiceRules services;

    public ClusterRules(ClusterIps clusterIps, NodePorts nodePorts) {
        this.services = new ServiceRules(clusterIps, nodePorts);
    }

    @Override
    public void create(ResourceType type, ObjectNode object, StoreImage image) {
        refuseInEndingNamespace(type, object, image);
        MetadataRules.complete(type, object);
        ObjectMeta.of(object).remove("deletionTimestamp");
        if (type.equals(ResourceTypes.SERVICES)) {
            services.create(object);
        } else if (type.equals(ResourceTypes.PODS)) {
            PodRules.create(object);
        } else if (WORKLOADS.contains(type)) {
            WorkloadRules.create(type, object);
        } else {
            createOther(type, object);
        }
    }

    private static void createOther(ResourceType type, ObjectNode object) {
        checkMetadata(type, object);
        if (type.equals(ResourceTypes.NAMESPACES)) {
            object.withObjectProperty("spec").putArray("finalizers").add("kubernetes");
            object.withObjectProperty("status").put("phase", "Active");
            nameLabel(object);
        } else if (type.equals(ResourceTypes.ENDPOINTS) || type.equals(ResourceTypes.ENDPOINT_SLICES)) {
            EndpointsRules.complete(type, object);
        }
    }

    @Override
    public void update(ResourceType type, ObjectNode before, ObjectNode after, StoreImage image) {
        Deletion.keepMark(before, after);
        if (type.equals(ResourceTypes.SERVICES)) {
            services.update(before, after);
        } else if (type.equals(ResourceTypes.PODS)) {
            PodRules.update(before, after);
        } else if (WORKLOADS.contains(type)) {
            WorkloadRules.update(type, before, after);
        } else {
            checkMetadata(type, after);
            if (type.equals(ResourceTypes.NAMESPACES)) {
                nameLabel(after);
            } else if (type.equals(ResourceTypes.ENDPOINTS) || type.equals(ResourceTypes.ENDPOINT_SLICES)) {
                EndpointsRules.complete(type, after);
            }
        }
    }

    @Override
    public Optional<ObjectNode> delete(ResourceType type, ObjectNode object, JsonNode options, Instant now) {
        return Deletion.begin(type, object, options, now);
    }

    @Override
    public boolean isFinished(ResourceType type, ObjectNode object) {
        return Deletion.isFinished(object);
    }

    @Override
    public void committed(StoreChange change) {
        if (change.object().type().equals(ResourceTypes.SERVICES)) {
            services.committed(change);
        }
    }

    /** A Namespace can be selected by its name. */
    private static void nameLabel(ObjectNode namespace) {
        ObjectMeta.of(namespace)
                .withObjectProperty("labels")
                .put("kubernetes.io/metadata.name", ObjectMeta.text(namespace, "name"));
    }

    private static void checkMetadata(ResourceType type, ObjectNode object) {
        var violations = new Violations();
        MetadataRules.check(type, object, violations);
        violations.refuse(type, object);
    }

    private static void refuseInEndingNamespace(ResourceType type, ObjectNode object, StoreImage image) {
        if (!type.namespaced()) {
            return;
        }
        var name = ObjectMeta.name(type, object);
        var namespace = image.get(ResourceTypes.NAMESPACES, new NamespacedName("", name.namespace()));
        if (namespace.isPresent()
                && ObjectMeta.text(namespace.get().toJson(), "deletionTimestamp")
                                .length()
                        > 0) {
            throw ApiException.forbidden(
                    type,
                    name.name(),
                    "unable to create new content in namespace " + name.namespace()
                            + " because it is being terminated");
        }
    }
}
