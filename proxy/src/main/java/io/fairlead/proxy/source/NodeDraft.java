package io.fairlead.proxy.source;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a Node while they are being read. */
final class NodeDraft {

    /** Set by the cluster autoscaler on a Node it is about to remove, with any effect. */
    private static final String AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler";

    private final List<IpAddress> internal = new ArrayList<>(2);
    private final List<IpAddress> external = new ArrayList<>(2);
    private final List<IpPrefix> podCidrs = new ArrayList<>(2);
    private @Nullable IpPrefix podCidr;
    private boolean aboutToGo;

    /** Reads a field of {@code spec}. */
    void specField(String name, FieldReader in) throws IOException {
        switch (name) {
            case "podCIDR" -> podCidr = in.prefix().orElse(null);
            case "podCIDRs" -> in.array(() -> in.prefix().ifPresent(podCidrs::add));
            case "taints" ->
                in.array(() -> in.fields(field -> {
                    if (field.equals("key") && AUTOSCALER_TAINT.equals(in.text())) {
                        aboutToGo = true;
                    }
                }));
            default -> {}
        }
    }

    /** Reads {@code status.addresses}. */
    void addresses(FieldReader in) throws IOException {
        in.array(() -> {
            var entry = new Object() {
                @Nullable String type;

                @Nullable String address;
            };
            in.fields(name -> {
                switch (name) {
                    case "type" -> entry.type = in.text();
                    case "address" -> entry.address = in.text();
                    default -> {}
                }
            });
            if (entry.address == null) {
                return;
            }
            switch (entry.type) {
                case "InternalIP" -> IpAddress.tryParse(entry.address).ifPresent(internal::add);
                case "ExternalIP" -> IpAddress.tryParse(entry.address).ifPresent(external::add);
                case null, default -> {}
            }
        });
    }

    /** @param deleting it has a deletion timestamp */
    Node resolve(String name, Optional<String> zone, boolean deleting) {
        var addresses = new ArrayList<>(internal);
        addresses.addAll(external);
        return new Node(
                name,
                addresses,
                podCidrs.isEmpty() && podCidr != null ? List.of(podCidr) : podCidrs,
                zone,
                deleting || aboutToGo);
    }
}
