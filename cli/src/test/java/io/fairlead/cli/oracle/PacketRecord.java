package io.fairlead.cli.oracle;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;

/**
 * What the connection table does not tell of packets: the kernel writes their source ports down.
 *
 * @param refused those that the node has answered with an ICMP error or a reset
 * @param delivered those that have come past all rules of the hook before a process, as their ports are there
 * @param untracked those that have got through without connection tracking
 */
record PacketRecord(Set<Integer> refused, Set<Integer> delivered, Set<Integer> untracked) {

    private static final TableId TABLE = new TableId(Family.INET, "oracle");

    /** Answers are written down before any other rule can drop them; an error quotes the packet behind its own 8 bytes. */
    private static final String RULES = """
            table inet oracle {
              set refused { type inet_service; size 65535; flags dynamic; }
              set delivered { type inet_service; size 65535; flags dynamic; }
              set untracked { type inet_service; size 65535; flags dynamic; }
              chain answers {
                type filter hook output priority -500;
                icmp type destination-unreachable update @refused { @th,224,16 }
                icmpv6 type destination-unreachable update @refused { @th,384,16 }
                # A reset would also take its connection out of the table.
                tcp flags == rst | ack update @refused { tcp dport } drop
              }
              chain arrivals {
                type filter hook input priority 400;
                update @delivered { th sport }
                ct state untracked update @untracked { th sport }
              }
              chain departures {
                type filter hook postrouting priority 400;
                ct state untracked oifname != "lo" update @untracked { th sport }
              }
            }
            """;

    static void install(NetworkNamespace node) {
        node.execWithInput(RULES, "nft", "-f", "-");
    }

    static void clear(NetworkNamespace node) {
        var transaction = new Transaction(TABLE);
        transaction.flushSet("refused");
        transaction.flushSet("delivered");
        transaction.flushSet("untracked");
        run(node, nftables -> {
            nftables.commit(transaction);
            return true;
        });
    }

    static PacketRecord read(NetworkNamespace node) {
        return run(
                node,
                nftables -> new PacketRecord(
                        ports(nftables, "refused"), ports(nftables, "delivered"), ports(nftables, "untracked")));
    }

    private static Set<Integer> ports(Nftables nftables, String set) throws IOException {
        var ports = new HashSet<Integer>();
        nftables.elements(TABLE, set, element -> ports.add((int) element.key().bigEndian()));
        return ports;
    }

    private static <T> T run(NetworkNamespace node, OracleLab.NftWork<T> work) {
        return node.call(() -> {
            try (var nftables = Nftables.open()) {
                return work.run(nftables);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
