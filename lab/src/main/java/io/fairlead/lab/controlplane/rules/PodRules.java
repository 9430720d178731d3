package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.FieldError;
import io.fairlead.lab.apiserver.ResourceTypes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What happens to a Pod, and to the pods that a workload describes: defaults and validation. */
final class PodRules {

    private static final List<String> RESTART_POLICIES = List.of("Always", "Never", "OnFailure");
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    // What of a pod's spec can be changed; the node is set once.
    private static final List<String> MUTABLE =
            List.of("activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations", "nodeName");

    private PodRules() {}

    static void create(ObjectNode pod) {
        var spec = pod.withObjectProperty("spec");
        completeTemplate(spec);
        absent(spec, "serviceAccountName", "default");
        absent(spec, "serviceAccount", spec.path("serviceAccountName").asText());
        if (!spec.has("enableServiceLinks")) {
            spec.put("enableServiceLinks", true);
        }
        if (!spec.has("priority")) {
            spec.put("priority", 0);
        }
        absent(spec, "preemptionPolicy", "PreemptLowerPriority");
        tolerate(spec, "node.kubernetes.io/not-ready");
        tolerate(spec, "node.kubernetes.io/unreachable");
        var violations = new Violations();
        MetadataRules.check(ResourceTypes.PODS, pod, violations);
        check("spec", spec, violations);
        violations.refuse(ResourceTypes.PODS, pod);
        var status = pod.withObjectProperty("status");
        absent(status, "phase", "Pending");
        absent(status, "qosClass", "BestEffort");
    }

    static void update(ObjectNode before, ObjectNode pod) {
        var violations = new Violations();
        MetadataRules.check(ResourceTypes.PODS, pod, violations);
        if (!fixedPart(before).equals(fixedPart(pod))) {
            violations.forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,"
                            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
                            + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be"
                            + " set to 1 if it was previously negative)");
        }
        violations.refuse(ResourceTypes.PODS, pod);
    }

    private static ObjectNode fixedPart(ObjectNode pod) {
        var spec = pod.withObjectProperty("spec").deepCopy();
        spec.remove(MUTABLE);
        for (var list : List.of("containers", "initContainers")) {
            for (var container : spec.path(list)) {
                ((ObjectNode) container).remove("image");
            }
        }
        return spec;
    }

    /** The defaults that a workload's template gets, too. */
    static void completeTemplate(ObjectNode spec) {
        absent(spec, "restartPolicy", "Always");
        absent(spec, "dnsPolicy", "ClusterFirst");
        absent(spec, "schedulerName", "default-scheduler");
        if (!spec.has("terminationGracePeriodSeconds")) {
            spec.put("terminationGracePeriodSeconds", 30);
        }
        spec.withObjectProperty("securityContext");
        for (var list : List.of("containers", "initContainers")) {
            for (var container : spec.path(list)) {
                if (container instanceof ObjectNode object) {
                    ContainerDefaults.apply(object);
                }
            }
        }
    }

    private static void tolerate(ObjectNode spec, String taint) {
        var tolerations = spec.withArrayProperty("tolerations");
        for (var toleration : tolerations) {
            if (toleration.path("key").asText("").equals(taint)
                    || toleration.path("key").asText("").isEmpty()) {
                return;
            }
        }
        tolerations
                .addObject()
                .put("key", taint)
                .put("operator", "Exists")
                .put("effect", "NoExecute")
                .put("tolerationSeconds", 300);
    }

    /** @param field where the pod's spec is: {@code spec} or {@code spec.template.spec} */
    static void check(String field, ObjectNode spec, Violations violations) {
        if (spec.path("containers").isEmpty()) {
            violations.required(field + ".containers");
        }
        var names = new HashSet<String>();
        checkContainers(field + ".initContainers", spec.path("initContainers"), names, violations);
        checkContainers(field + ".containers", spec.path("containers"), names, violations);
        violations.oneOf(field + ".restartPolicy", spec.path("restartPolicy"), RESTART_POLICIES);
        violations.oneOf(
                field + ".dnsPolicy",
                spec.path("dnsPolicy"),
                List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"));
        if (spec.path("terminationGracePeriodSeconds").asLong() < 0) {
            violations.invalid(
                    field + ".terminationGracePeriodSeconds",
                    spec.path("terminationGracePeriodSeconds"),
                    "must be greater than or equal to 0");
        }
        MetadataRules.labels(field + ".nodeSelector", spec.path("nodeSelector"), violations);
    }

    private static void checkContainers(String field, JsonNode containers, Set<String> names, Violations violations) {
        int i = 0;
        for (var container : containers) {
            var at = field + "[" + i++ + "]";
            var name = container.path("name");
            if (name.asText("").isEmpty()) {
                violations.required(at + ".name");
            } else {
                violations.form(at + ".name", name, Names.DNS_1123_LABEL.problem(name.asText()));
                if (!names.add(name.asText())) {
                    violations.add(FieldError.duplicate(at + ".name", name));
                }
            }
            var image = container.path("image");
            if (image.asText("").isEmpty()) {
                violations.required(at + ".image");
            } else if (!image.asText().strip().equals(image.asText())) {
                violations.invalid(at + ".image", image, "must not have leading or trailing whitespace");
            }
            violations.oneOf(at + ".imagePullPolicy", container.path("imagePullPolicy"), PULL_POLICIES);
            checkPorts(at + ".ports", container.path("ports"), violations);
        }
    }

    private static void checkPorts(String field, JsonNode ports, Violations violations) {
        int i = 0;
        for (var port : ports) {
            var at = field + "[" + i++ + "]";
            if (port.has("name")) {
                violations.form(
                        at + ".name",
                        port.path("name"),
                        Names.problemOfPortName(port.path("name").asText()));
            }
            if (port.path("containerPort").asInt() == 0) {
                violations.required(at + ".containerPort");
            } else {
                violations.port(at + ".containerPort", port.path("containerPort"));
            }
            violations.oneOf(at + ".protocol", port.path("protocol"), PROTOCOLS);
        }
    }

    private static void absent(ObjectNode object, String field, String value) {
        if (object.path(field).asText("").isEmpty()) {
            object.put(field, value);
        }
    }
}
