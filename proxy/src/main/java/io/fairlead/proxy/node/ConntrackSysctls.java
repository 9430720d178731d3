package io.fairlead.proxy.node;

import io.fairlead.proxy.config.ConntrackConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's connection tracking limits as configured (spec: process, section 3.7). What has its value already is not
 * written, so a node that was prepared needs no privilege for it.
 *
 * @param sys where sysfs is mounted
 */
public record ConntrackSysctls(Sysctls sysctls, Path sys) {

    /** Beyond this a limit per core makes no sense any more: the table alone would take 300 MB. */
    static final int LARGEST_MAX = 1 << 20;

    private static final Logger log = LoggerFactory.getLogger(ConntrackSysctls.class);
    private static final String NETFILTER = "net/netfilter/";
    private static final int CONNECTIONS_PER_BUCKET = 4;
    private static final Pattern CPU_RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

    public static ConntrackSysctls ofThisMachine() {
        return new ConntrackSysctls(Sysctls.ofThisMachine(), Path.of("/sys"));
    }

    /** @throws IOException at the first setting that cannot be made, with the remedy */
    public void apply(ConntrackConfig config) throws IOException {
        int max = max(config, cpus());
        if (max > 0) {
            log.atInfo().addKeyValue("nfConntrackMax", max).log("Setting nf_conntrack_max");
            set("nf_conntrack_max", max, "--conntrack-max-per-core=0");
            growHashTable(max / CONNECTIONS_PER_BUCKET);
        }
        seconds(
                "nf_conntrack_tcp_timeout_established",
                config.tcpEstablishedTimeout(),
                "--conntrack-tcp-timeout-established=0");
        seconds(
                "nf_conntrack_tcp_timeout_close_wait",
                config.tcpCloseWaitTimeout(),
                "--conntrack-tcp-timeout-close-wait=0");
        if (config.tcpBeLiberal()) {
            set("nf_conntrack_tcp_be_liberal", 1, "--conntrack-tcp-be-liberal=false");
        }
        seconds("nf_conntrack_udp_timeout", config.udpTimeout(), "--conntrack-udp-timeout=0");
        seconds("nf_conntrack_udp_timeout_stream", config.udpStreamTimeout(), "--conntrack-udp-timeout-stream=0");
    }

    /** The limit for the whole machine; 0 to leave it alone. */
    static int max(ConntrackConfig config, int cpus) {
        if (config.maxPerCore() <= 0) {
            return 0;
        }
        long scaled = (long) config.maxPerCore() * cpus;
        return scaled > LARGEST_MAX ? LARGEST_MAX : Math.max((int) scaled, config.min());
    }

    private void seconds(String name, Duration value, String alternative) throws IOException {
        if (value.isPositive()) {
            set(name, value.toSeconds(), alternative);
        }
    }

    private void set(String name, long value, String alternative) throws IOException {
        var entry = NETFILTER + name;
        try {
            if (sysctls.ensure(entry, value)) {
                log.atInfo()
                        .addKeyValue("entry", entry)
                        .addKeyValue("value", value)
                        .log("Set sysctl");
            }
        } catch (IOException e) {
            throw new IOException(e.getMessage() + missingModule() + ", or leave it alone with " + alternative, e);
        }
    }

    private String missingModule() {
        return Files.isDirectory(sysctls.proc().resolve("sys/net/netfilter"))
                ? ""
                : ", or load the module nf_conntrack, without which there is no Service traffic either";
    }

    /**
     * Buckets for the new limit. A read-only /sys, as unprivileged containers have, costs speed with very many connections
     * and nothing else; kube-proxy ends there, here it is a warning.
     */
    private void growHashTable(int buckets) {
        var file = sys.resolve("module/nf_conntrack/parameters/hashsize");
        try {
            if (Long.parseLong(Files.readString(file).strip()) >= buckets) {
                return;
            }
            log.atInfo().addKeyValue("conntrackHashsize", buckets).log("Setting conntrack hashsize");
            Files.writeString(file, Integer.toString(buckets));
        } catch (IOException | NumberFormatException e) {
            log.atWarn()
                    .addKeyValue("err", e)
                    .addKeyValue("conntrackHashsize", buckets)
                    .log("Could not set the conntrack hashsize, connection lookups may be slower than they could be;"
                            + " mount /sys writable, or set nf_conntrack.hashsize on the host");
        }
    }

    /** The machine's CPUs, which a container's quota does not change. */
    int cpus() {
        try {
            return online(Files.readString(sys.resolve("devices/system/cpu/online"))
                            .strip())
                    .orElseGet(() -> Runtime.getRuntime().availableProcessors());
        } catch (IOException e) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /** How many CPUs a list such as {@code 0-3,6} names. */
    private static OptionalInt online(String list) {
        int count = 0;
        for (var range : list.split(",", -1)) {
            var parts = CPU_RANGE.matcher(range);
            if (!parts.matches()) {
                return OptionalInt.empty();
            }
            int first = Integer.parseInt(parts.group(1));
            count += parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2)) - first + 1;
        }
        return count > 0 ? OptionalInt.of(count) : OptionalInt.empty();
    }
}
