package io.fairlead.proxy.source;

import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Any API object while it is being read, in one pass and in any order of its fields: what it is ({@code kind}) may come
 * last. Fields of all watched kinds are gathered until the kind is known; those of a Status and of a list's metadata as
 * well, because a watch sends them in an object's place.
 */
final class ObjectDraft {

    static final String SERVICE = "Service";
    static final String SLICE = "EndpointSlice";
    static final String NODE = "Node";
    static final String SERVICE_CIDR = "ServiceCIDR";

    private final ProblemNotes problems = new ProblemNotes();
    private @Nullable String apiVersion;
    private @Nullable String kind;
    private int line;

    private @Nullable String namespace;
    private String name = "";
    private String resourceVersion = "";
    private String continueToken = "";
    private boolean hasProxyName;
    private boolean headless;
    private @Nullable String serviceName;
    private @Nullable String zone;
    private boolean deleting;
    private @Nullable String lastChangeTriggerTime;
    private int code;
    private @Nullable String message;

    private @Nullable ServiceDraft service;
    private @Nullable SliceDraft slice;
    private @Nullable NodeDraft node;
    private final List<IpPrefix> cidrs = new ArrayList<>(0);

    /**
     * @param kind what the object is if it does not say, as in a list; null when nothing is known
     */
    ObjectDraft(@Nullable String kind) {
        this.kind = kind;
    }

    @Nullable String kind() {
        return kind;
    }

    /** For an item that did not say what it is, once its list has. */
    void setKindIfAbsent(@Nullable String fromList) {
        if (kind == null) {
            kind = fromList;
        }
    }

    int line() {
        return line;
    }

    String resourceVersion() {
        return resourceVersion;
    }

    /** A list's token for its next page; empty on the last one. */
    String continueToken() {
        return continueToken;
    }

    /** A Status' HTTP code; 0 when this is no Status. */
    int code() {
        return code;
    }

    /** A Status' message. */
    String message() {
        return message == null ? "" : message;
    }

    /** Reads the object the parser stands at; {@code items} reads its list of items, if it is a list. */
    void read(FieldReader in, FieldReader.ValueHandler items) throws IOException {
        line = in.line();
        in.object(problems, field -> {
            switch (field) {
                case "kind" -> kind = in.repeated();
                case "apiVersion" -> apiVersion = in.repeated();
                case "metadata" -> in.fields(name -> readMetadata(name, in));
                case "spec" -> in.fields(name -> readSpec(name, in));
                case "status" -> readStatus(in);
                case "items" -> in.array(items);
                case "code" -> code = in.number(0);
                case "message" -> message = in.text();
                default -> readSliceField(field, in);
            }
        });
    }

    private boolean maybe(String wanted) {
        return kind == null || kind.equals(wanted);
    }

    private void readMetadata(String field, FieldReader in) throws IOException {
        switch (field) {
            case "name" -> name = orEmpty(in.text());
            case "namespace" -> namespace = in.repeated();
            case "resourceVersion" -> resourceVersion = orEmpty(in.text());
            case "deletionTimestamp" -> deleting = !in.isNull();
            case "continue" -> continueToken = orEmpty(in.text());
            case "labels" -> in.fields(label -> readLabel(label, in));
            case "annotations" ->
                in.fields(annotation -> {
                    if (annotation.equals("endpoints.kubernetes.io/last-change-trigger-time")) {
                        lastChangeTriggerTime = in.text();
                    }
                });
            default -> {}
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private void readLabel(String label, FieldReader in) throws IOException {
        switch (label) {
            case "service.kubernetes.io/service-proxy-name" -> hasProxyName = true;
            case "service.kubernetes.io/headless" -> headless = true;
            case "kubernetes.io/service-name" -> serviceName = in.text();
            case "topology.kubernetes.io/zone" -> zone = in.repeated();
            default -> {}
        }
    }

    private void readSpec(String field, FieldReader in) throws IOException {
        if (maybe(SERVICE_CIDR) && field.equals("cidrs")) {
            in.array(() -> in.prefix().ifPresent(cidrs::add));
        } else if (maybe(NODE) && (field.startsWith("podCIDR") || field.equals("taints"))) {
            node().specField(field, in);
        } else if (maybe(SERVICE)) {
            service().specField(field, in);
        }
    }

    private void readStatus(FieldReader in) throws IOException {
        if (!maybe(SERVICE) && !maybe(NODE)) {
            return;
        }
        in.fields(field -> {
            if (maybe(SERVICE) && field.equals("loadBalancer")) {
                service().loadBalancer(in);
            } else if (maybe(NODE) && field.equals("addresses")) {
                node().addresses(in);
            }
        });
    }

    private void readSliceField(String field, FieldReader in) throws IOException {
        if (maybe(SLICE)) {
            switch (field) {
                case "addressType" -> slice().readAddressType(in);
                case "ports" -> slice().readPorts(in);
                case "endpoints" -> slice().readEndpoints(in);
                default -> {}
            }
        }
    }

    private ServiceDraft service() {
        var draft = service == null ? new ServiceDraft() : service;
        service = draft;
        return draft;
    }

    private SliceDraft slice() {
        var draft = slice == null ? new SliceDraft() : slice;
        slice = draft;
        return draft;
    }

    private NodeDraft node() {
        var draft = node == null ? new NodeDraft() : node;
        node = draft;
        return draft;
    }

    /** Empty when the object is of a kind that nobody watches. */
    Optional<Decoded> resolve(Origin origin, Consumer<String> sink) {
        if (!isOurs()) {
            return Optional.empty();
        }
        var decoded = resolveKnown();
        problems.report(origin, describe(), sink);
        return Optional.of(decoded);
    }

    /** Knative and others have Services of their own. */
    private boolean isOurs() {
        return switch (kind) {
            case SERVICE, NODE -> apiVersion == null || apiVersion.equals("v1");
            case SLICE -> apiVersion == null || apiVersion.startsWith("discovery.k8s.io/");
            case SERVICE_CIDR -> apiVersion == null || apiVersion.startsWith("networking.k8s.io/");
            case null, default -> false;
        };
    }

    private String describe() {
        var place = namespace == null ? "default" : namespace;
        boolean clean = Text.isDnsSubdomain(name) && Text.isDnsLabel(place);
        var full = isClusterScoped() ? name : place + "/" + name;
        return kind + " " + (clean ? full : Text.quoted(full));
    }

    private boolean isClusterScoped() {
        return NODE.equals(kind) || SERVICE_CIDR.equals(kind);
    }

    private Decoded resolveKnown() {
        var place = namespace == null ? "default" : namespace;
        if (!isClusterScoped() && !Text.isDnsLabel(place)) {
            problems.add(line, "metadata.namespace", place, "is not a namespace (a DNS label); the object is refused");
            return new Decoded.Refused(Optional.empty());
        }
        boolean isService = SERVICE.equals(kind);
        if (isService ? !Text.isDnsLabel(name) : !Text.isDnsSubdomain(name)) {
            problems.add(
                    line,
                    "metadata.name",
                    name,
                    "is not a name (" + (isService ? "a DNS label, at most 63" : "a DNS subdomain, at most 253")
                            + " characters); the object is refused");
            return new Decoded.Refused(Optional.empty());
        }
        if (SERVICE_CIDR.equals(kind)) {
            return new Decoded.Present(new ClusterChange.ServiceCidrSet(name, cidrs));
        }
        if (NODE.equals(kind)) {
            return new Decoded.Present(
                    new ClusterChange.NodeSet(node().resolve(name, Optional.ofNullable(zone), deleting)));
        }
        var fullName = new NamespacedName(place, name);
        return isService ? resolveService(fullName) : resolveSlice(fullName);
    }

    private Decoded resolveService(NamespacedName fullName) {
        if (hasProxyName) {
            return new Decoded.Absent(ObjectKey.service(fullName));
        }
        return service()
                .resolve(fullName, line, problems)
                .<Decoded>map(found -> new Decoded.Present(new ClusterChange.ServiceSet(found)))
                .orElseGet(() -> new Decoded.Refused(Optional.of(ObjectKey.service(fullName))));
    }

    private Decoded resolveSlice(NamespacedName fullName) {
        var key = ObjectKey.slice(fullName);
        if (headless || serviceName == null || serviceName.isEmpty()) {
            return new Decoded.Absent(key);
        }
        if (apiVersion != null && !apiVersion.equals("discovery.k8s.io/v1")) {
            problems.add(line, "apiVersion", apiVersion, "is not discovery.k8s.io/v1; the slice is refused");
            return new Decoded.Refused(Optional.of(key));
        }
        if (slice().addressType().equals("FQDN")) {
            problems.add(line, "addressType", "FQDN", "has no addresses to send packets to; the slice is ignored");
            return new Decoded.Absent(key);
        }
        if (!Text.isDnsLabel(serviceName)) {
            problems.add(
                    line,
                    "metadata.labels[kubernetes.io/service-name]",
                    serviceName,
                    "is not a Service name (a DNS label); the slice is refused");
            return new Decoded.Refused(Optional.of(key));
        }
        var owner = new NamespacedName(fullName.namespace(), serviceName);
        return slice().resolve(fullName, owner, lastChangeTriggerTime, line, problems)
                .<Decoded>map(found -> new Decoded.Present(new ClusterChange.SliceSet(found)))
                .orElseGet(() -> new Decoded.Refused(Optional.of(key)));
    }
}
