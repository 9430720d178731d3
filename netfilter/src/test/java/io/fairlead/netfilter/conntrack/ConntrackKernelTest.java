package io.fairlead.netfilter.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.netfilter.netlink.NetlinkChannel;
import io.fairlead.netfilter.netlink.NetlinkSocket;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real table. It belongs to the namespace of the process, so the test runs a JVM of its own in one. */
@Tag("kernel")
class ConntrackKernelTest {

    private final String namespace = "fl" + ProcessHandle.current().pid() + "c";
    private final ProcessCommandRunner runner = new ProcessCommandRunner();

    @BeforeEach
    void makeNamespace() throws Exception {
        run("ip", "netns", "add", namespace);
        inside("ip", "link", "set", "lo", "up");
        inside("ip", "route", "add", "local", "10.96.0.0/16", "dev", "lo");
        inside(("iptables -t nat -A OUTPUT -p udp -d 10.96.0.1 --dport 53" + " -j DNAT --to-destination 127.0.0.1:5353")
                .split(" "));
        for (var flow : List.of(
                "-p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 1 --dport 53 --state ESTABLISHED -t 100",
                "-p udp -s 10.0.0.1 -d 10.0.0.2 --sport 1 --dport 99 -t 100 -m 7",
                "-p udp -s 10.0.0.1 -d 10.0.0.3 --sport 1 --dport 53 -t 100 -w 5",
                "-p udp -s fd00::1 -d fd00::2 --sport 1 --dport 53 -t 100")) {
            inside(("conntrack -I " + flow).split(" "));
        }
    }

    @AfterEach
    void removeNamespace() throws Exception {
        run("ip", "netns", "del", namespace);
    }

    @Test
    void flowsAreListedDeletedAndHeardOf() throws Exception {
        var output = inside(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Session.class.getName());
        assertThat(output)
                .containsExactly(
                        "udp [10.0.0.1:1 -> 10.0.0.2:99 answered by 10.0.0.2:99,"
                                + " 10.0.0.1:1 -> 10.0.0.3:53 answered by 10.0.0.3:53,"
                                + " 127.0.0.1:6000 -> 10.96.0.1:53 answered by 127.0.0.1:5353]",
                        "udp 53 [10.0.0.1:1 -> 10.0.0.3:53 answered by 10.0.0.3:53,"
                                + " 127.0.0.1:6000 -> 10.96.0.1:53 answered by 127.0.0.1:5353]",
                        "udp6 [[fd00::1]:1 -> [fd00::2]:53 answered by [fd00::2]:53]",
                        "tcp [10.0.0.1:1 -> 10.0.0.2:53 answered by 10.0.0.2:53]",
                        "filtered by the kernel: true",
                        "mark 7, zone 5, translated 1",
                        "wrong id deleted: false",
                        "deleted: true true true, again: false",
                        "left: 1",
                        // The others began before anybody listened.
                        "events: created 1, destroyed 1");
        assertThat(String.join("\n", inside("conntrack", "-L", "-p", "udp")))
                .as("what is left of UDP")
                .contains("src=10.0.0.1 dst=10.0.0.2")
                .doesNotContain("10.96.0.1", "10.0.0.3");
    }

    private List<String> inside(String... argv) throws Exception {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(argv));
        return run(command.toArray(String[]::new));
    }

    private List<String> run(String... argv) throws Exception {
        var lines = new ArrayList<String>();
        var exit = runner.run(
                List.of(argv),
                stdin -> {},
                stdout -> new String(stdout.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(lines::add),
                Duration.ofSeconds(60));
        assertThat(exit.status()).as(exit.stderr()).isZero();
        return lines;
    }

    /** What runs inside the namespace. */
    static final class Session {

        public static void main(String[] args) throws Exception {
            try (var conntrack = Conntrack.open();
                    var events = ConntrackEvents.open(1 << 20)) {
                sendDatagram();
                var udp = list(conntrack, new FlowFilter(IpFamily.IPV4, FlowTuple.UDP, 0));
                System.out.println("udp " + udp);
                System.out.println("udp 53 " + list(conntrack, new FlowFilter(IpFamily.IPV4, FlowTuple.UDP, 53)));
                var udp6 = list(conntrack, new FlowFilter(IpFamily.IPV6, FlowTuple.UDP, 0));
                System.out.println("udp6 " + udp6);
                System.out.println("tcp " + list(conntrack, new FlowFilter(IpFamily.IPV4, FlowTuple.TCP, 0)));
                System.out.println("filtered by the kernel: " + kernelFilters());
                System.out.println("mark " + udp.get(0).mark() + ", zone "
                        + udp.get(1).zone() + ", translated "
                        + udp.stream()
                                .filter(ConntrackFlow::destinationTranslated)
                                .count());
                delete(conntrack, udp, udp6);
                System.out.println("left: "
                        + list(conntrack, new FlowFilter(IpFamily.IPV4, FlowTuple.UDP, 0))
                                .size());
                System.out.println("events: " + count(events));
            }
        }

        private static void sendDatagram() throws Exception {
            try (var socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 6000))) {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("10.96.0.1"), 53));
            }
        }

        private static void delete(Conntrack conntrack, List<ConntrackFlow> udp, List<ConntrackFlow> udp6)
                throws Exception {
            var other = udp.get(2);
            var wrong = new ConntrackFlow(other.family(), other.original(), other.reply(), 0, 0, 0, 0, other.id() ^ 1);
            System.out.println("wrong id deleted: " + conntrack.delete(wrong));
            System.out.println("deleted: " + conntrack.delete(udp.get(1)) + " " + conntrack.delete(udp.get(2)) + " "
                    + conntrack.delete(udp6.getFirst()) + ", again: " + conntrack.delete(udp.get(2)));
        }

        private static List<ConntrackFlow> list(Conntrack conntrack, FlowFilter filter) throws Exception {
            var flows = new ArrayList<ConntrackFlow>();
            if (!conntrack.list(filter, flows::add)) {
                throw new IllegalStateException("interrupted");
            }
            flows.sort(Comparator.comparing(ConntrackFlow::toString));
            return flows;
        }

        /** Looks at what the kernel itself sends for the filter. */
        private static boolean kernelFilters() throws Exception {
            var sent = new ArrayList<ConntrackFlow>();
            try (NetlinkChannel channel = NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER)) {
                var filter = new FlowFilter(IpFamily.IPV4, FlowTuple.UDP, 53);
                channel.dump(
                        Conntrack.IPCTNL_MSG_CT_GET,
                        ConntrackMessage.dump(filter),
                        payload -> sent.add(ConntrackMessage.decode(payload)));
                return sent.size() == 2 && sent.stream().allMatch(filter::matches);
            }
        }

        private static String count(ConntrackEvents events) throws Exception {
            int created = 0;
            int destroyed = 0;
            for (var some = events.next(Duration.ofSeconds(1));
                    !some.isEmpty();
                    some = events.next(Duration.ofMillis(300))) {
                for (var event : some) {
                    switch (event) {
                        case ConntrackEvent.Created(var flow) -> created += flow.id() != 0 ? 1 : 0;
                        case ConntrackEvent.Destroyed(var flow) -> destroyed += flow.id() != 0 ? 1 : 0;
                        case ConntrackEvent.Lost() -> throw new IllegalStateException("lost");
                    }
                }
            }
            return "created " + created + ", destroyed " + destroyed;
        }
    }
}
