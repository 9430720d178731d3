package io.fairlead.proxy.source;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.EndpointPort;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of an EndpointSlice while they are being read. */
final class SliceDraft {

    private String addressType = "";
    private final List<EndpointPort> ports = new ArrayList<>(1);
    private final List<Endpoint> endpoints = new ArrayList<>();

    String addressType() {
        return addressType;
    }

    void readAddressType(FieldReader in) throws IOException {
        var text = in.repeated();
        addressType = text == null ? "" : text;
    }

    void readPorts(FieldReader in) throws IOException {
        in.array(() -> {
            var draft = new PortDraft();
            in.fields(name -> draft.field(name, in));
            if (draft.name == null) {
                in.note("name", "", "is missing; this port is left out");
            } else if (draft.complete(in)) {
                ports.add(new EndpointPort(draft.name, draft.protocol(), draft.port));
            }
        });
    }

    void readEndpoints(FieldReader in) throws IOException {
        in.array(() -> new EndpointDraft().read(in).ifPresent(endpoints::add));
    }

    /** Empty when the slice cannot be used; why is in {@code problems}. */
    Optional<EndpointSlice> resolve(
            NamespacedName name,
            NamespacedName service,
            @Nullable String lastChangeTriggerTime,
            int line,
            ProblemNotes problems) {
        IpFamily family;
        switch (addressType) {
            case "IPv4" -> family = IpFamily.IPV4;
            case "IPv6" -> family = IpFamily.IPV6;
            default -> {
                problems.add(line, "addressType", addressType, "is not IPv4 or IPv6; the slice is refused");
                return Optional.empty();
            }
        }
        endpoints.removeIf(endpoint -> {
            boolean wrong = endpoint.address().family() != family;
            if (wrong) {
                String address = endpoint.address().toString();
                problems.add(line, "endpoints[].addresses[0]", address, "is not " + family + "; it is left out");
            }
            return wrong;
        });
        var triggered = Optional.ofNullable(lastChangeTriggerTime).flatMap(SliceDraft::instant);
        return Optional.of(new EndpointSlice(name, service, family, ports, endpoints, triggered));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            // It only feeds a latency metric.
            return Optional.empty();
        }
    }

    /** One endpoint; a class so that its many optional fields have names while they are read. */
    private static final class EndpointDraft {
        private @Nullable IpAddress address;
        private boolean hasAddress;
        private boolean ready = true;
        private boolean serving = true;
        private boolean terminating;
        private Optional<String> nodeName = Optional.empty();
        private Set<String> zoneHints = Set.of();
        private Set<String> nodeHints = Set.of();

        Optional<Endpoint> read(FieldReader in) throws IOException {
            in.fields(name -> {
                switch (name) {
                    case "addresses" -> readAddresses(in);
                    case "conditions" -> in.fields(condition -> readCondition(condition, in));
                    case "nodeName" -> {
                        var text = in.text();
                        nodeName =
                                text == null ? Optional.empty() : in.interner().optional(text);
                    }
                    case "hints" -> in.fields(hint -> readHints(hint, in));
                    default -> {}
                }
            });
            if (!hasAddress) {
                in.note("addresses", "", "has no address; this endpoint is left out");
            }
            return address == null
                    ? Optional.empty()
                    : Optional.of(new Endpoint(address, ready, serving, terminating, nodeName, zoneHints, nodeHints));
        }

        /** Only the first address counts. */
        private void readAddresses(FieldReader in) throws IOException {
            in.array(() -> {
                var text = hasAddress ? null : in.text();
                if (text != null) {
                    hasAddress = true;
                    IpAddress.tryParse(text)
                            .ifPresentOrElse(
                                    ip -> address = ip,
                                    () -> in.note(text, "is not an IP address; this endpoint is left out"));
                }
            });
        }

        private void readCondition(String name, FieldReader in) throws IOException {
            switch (name) {
                case "ready" -> ready = in.bool(true);
                case "serving" -> serving = in.bool(true);
                case "terminating" -> terminating = in.bool(false);
                default -> {}
            }
        }

        private void readHints(String name, FieldReader in) throws IOException {
            switch (name) {
                case "forZones" -> zoneHints = readNames(in);
                case "forNodes" -> nodeHints = readNames(in);
                default -> {}
            }
        }

        private static Set<String> readNames(FieldReader in) throws IOException {
            var names = new HashSet<String>();
            in.array(() -> in.fields(field -> {
                var text = field.equals("name") ? in.repeated() : null;
                if (text != null) {
                    names.add(text);
                }
            }));
            return Set.copyOf(names);
        }
    }
}
