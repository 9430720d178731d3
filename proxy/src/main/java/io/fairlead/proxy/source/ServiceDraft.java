package io.fairlead.proxy.source;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a Service while they are being read. */
final class ServiceDraft {

    /** core/v1 DefaultClientIPServiceAffinitySeconds. */
    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

    /** core/v1 MaxClientIPServiceAffinitySeconds. */
    private static final int MAX_AFFINITY_SECONDS = 86_400;

    private String type = "ClusterIP";
    private String clusterIp = "";
    private final List<String> clusterIps = new ArrayList<>(2);
    private final List<String> ipFamilies = new ArrayList<>(2);
    private final List<ServicePort> ports = new ArrayList<>();
    private final List<IpAddress> externalIps = new ArrayList<>();
    private boolean hasExternalIps;
    private final List<IpAddress> vips = new ArrayList<>();
    private final List<IpPrefix> sourceRanges = new ArrayList<>();
    private boolean clientIpAffinity;
    private int affinitySeconds = DEFAULT_AFFINITY_SECONDS;
    private boolean externalPolicyLocal;
    private boolean internalPolicyLocal;
    private int healthCheckNodePort;

    /** Reads a field of {@code spec}. */
    void specField(String name, FieldReader in) throws IOException {
        switch (name) {
            case "type" -> type = orElse(in.repeated(), type);
            case "clusterIP" -> clusterIp = orElse(in.text(), "");
            case "clusterIPs" -> in.array(() -> clusterIps.add(orElse(in.text(), "")));
            case "ipFamilies" -> in.array(() -> ipFamilies.add(orElse(in.repeated(), "")));
            case "ports" -> readPorts(in);
            case "externalIPs" -> in.array(() -> readExternalIp(in));
            case "loadBalancerSourceRanges" -> in.array(() -> readSourceRange(in));
            case "sessionAffinity" -> clientIpAffinity = "ClientIP".equals(in.text());
            case "sessionAffinityConfig" -> readAffinityConfig(in);
            case "externalTrafficPolicy" -> externalPolicyLocal = "Local".equals(in.text());
            case "internalTrafficPolicy" -> internalPolicyLocal = "Local".equals(in.text());
            case "healthCheckNodePort" -> healthCheckNodePort = nodePort(in);
            default -> {}
        }
    }

    /** Reads {@code status.loadBalancer}. */
    void loadBalancer(FieldReader in) throws IOException {
        in.fields(name -> {
            if (name.equals("ingress")) {
                in.array(() -> readIngress(in));
            }
        });
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    private void readIngress(FieldReader in) throws IOException {
        var ingress = new Object() {
            String ip = "";
            String mode = "VIP";
        };
        in.fields(name -> {
            switch (name) {
                case "ip" -> ingress.ip = orElse(in.text(), "");
                case "ipMode" -> ingress.mode = orElse(in.text(), "VIP");
                default -> {}
            }
        });
        if (!ingress.ip.isEmpty() && ingress.mode.equals("VIP")) {
            IpAddress.tryParse(ingress.ip)
                    .ifPresentOrElse(
                            vips::add,
                            () -> in.note("ip", ingress.ip, "is not an IP address; this ingress is left out"));
        }
    }

    private void readExternalIp(FieldReader in) throws IOException {
        var text = in.text();
        hasExternalIps = true;
        if (text != null && !text.isBlank()) {
            IpAddress.tryParse(text)
                    .ifPresentOrElse(
                            externalIps::add,
                            () -> in.note(text, "is not an IP address; this external IP is left out"));
        }
    }

    private void readSourceRange(FieldReader in) throws IOException {
        var text = in.text();
        if (text != null && !text.isBlank()) {
            IpPrefix.tryParse(text.strip())
                    .ifPresentOrElse(
                            sourceRanges::add,
                            () -> in.note(text, "is not a CIDR like 192.0.2.0/24; this range is left out"));
        }
    }

    private void readAffinityConfig(FieldReader in) throws IOException {
        in.fields(config -> {
            if (config.equals("clientIP")) {
                in.fields(field -> {
                    if (field.equals("timeoutSeconds")) {
                        readTimeout(in);
                    }
                });
            }
        });
    }

    private void readTimeout(FieldReader in) throws IOException {
        int seconds = in.number(DEFAULT_AFFINITY_SECONDS);
        if (seconds < 1 || seconds > MAX_AFFINITY_SECONDS) {
            in.note(Integer.toString(seconds), "is not 1–86400 seconds; 10800 is used");
            seconds = DEFAULT_AFFINITY_SECONDS;
        }
        affinitySeconds = seconds;
    }

    private void readPorts(FieldReader in) throws IOException {
        var seen = new HashSet<List<Object>>();
        in.array(() -> {
            var port = readPort(in);
            if (port != null && !seen.add(List.of(port.name(), port.protocol()))) {
                in.note("name", port.name(), "is used twice for " + port.protocol() + "; the second port is left out");
            } else if (port != null) {
                ports.add(port);
            }
        });
    }

    private @Nullable ServicePort readPort(FieldReader in) throws IOException {
        var draft = new PortDraft();
        var nodePort = new int[1];
        in.fields(name -> {
            if (name.equals("nodePort")) {
                nodePort[0] = nodePort(in);
            } else {
                draft.field(name, in);
            }
        });
        return draft.complete(in)
                ? new ServicePort(draft.name == null ? "" : draft.name, draft.protocol(), draft.port, nodePort[0])
                : null;
    }

    private static int nodePort(FieldReader in) throws IOException {
        int port = in.number(0);
        if (port < 0 || port > 65535) {
            in.note(Integer.toString(port), "is not a port (0–65535); none is used");
            return 0;
        }
        return port;
    }

    /** Empty when the Service cannot be used; why is in {@code problems}. */
    Optional<Service> resolve(NamespacedName name, int line, ProblemNotes problems) {
        var ips = resolveClusterIps(line, problems);
        if (ips == null) {
            return Optional.empty();
        }
        boolean policyLocal = externalPolicyLocal
                && switch (type) {
                    case "LoadBalancer", "NodePort" -> true;
                    case "ClusterIP" -> hasExternalIps;
                    default -> false;
                };
        boolean healthChecked = policyLocal && type.equals("LoadBalancer");
        if (healthChecked && healthCheckNodePort == 0) {
            problems.add(
                    line, "spec.healthCheckNodePort", "0", "leaves the load balancer without health checks; set it");
        }
        return Optional.of(new Service(
                name,
                ips,
                ports,
                externalIps,
                vips,
                sourceRanges,
                clientIpAffinity ? affinitySeconds : 0,
                policyLocal,
                internalPolicyLocal,
                healthChecked ? healthCheckNodePort : 0));
    }

    private @Nullable List<IpAddress> resolveClusterIps(int line, ProblemNotes problems) {
        if (clusterIp.isEmpty() || clusterIp.equals("None") || type.equals("ExternalName")) {
            return List.of();
        }
        var ips = new ArrayList<IpAddress>(2);
        if (ipFamilies.isEmpty()) {
            if (!addClusterIp("spec.clusterIP", clusterIp, ips, line, problems)) {
                return null;
            }
            return ips;
        }
        for (int i = 0; i < Math.min(ipFamilies.size(), clusterIps.size()); i++) {
            String path = "spec.clusterIPs[" + i + "]";
            if (!addClusterIp(path, clusterIps.get(i), ips, line, problems)) {
                return null;
            }
            if (!ips.getLast().family().toString().equals(ipFamilies.get(i))) {
                problems.add(line, path, clusterIps.get(i), "is not of the family spec.ipFamilies says; refused");
                return null;
            }
        }
        return ips;
    }

    private static boolean addClusterIp(
            String path, String text, List<IpAddress> ips, int line, ProblemNotes problems) {
        var ip = IpAddress.tryParse(text);
        ip.ifPresentOrElse(
                ips::add, () -> problems.add(line, path, text, "is not an IP address; the Service is refused"));
        return ip.isPresent();
    }
}
