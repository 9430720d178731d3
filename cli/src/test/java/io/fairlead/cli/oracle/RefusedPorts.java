package io.fairlead.cli.oracle;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Cmp;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Dynset;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.Immediate;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Payload;
import io.fairlead.netfilter.nftables.Register;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.Verdict;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The source ports of packets that the node has answered with an ICMP error: the kernel writes them down. */
final class RefusedPorts {

    private static final TableId TABLE = new TableId(Family.INET, "oracle");
    private static final String SET = "refused";

    private RefusedPorts() {}

    static void install(NetworkNamespace node) {
        run(node, nftables -> {
            var transaction = new Transaction(TABLE);
            transaction.add(new Table(TABLE, false, ""));
            transaction.add(NftSet.set(SET, DataType.INET_SERVICE)
                    .with(NftSet.Flag.DYNAMIC)
                    .withSize(65_535));
            transaction.add(Chain.base("answers", Hook.filter(Hook.Point.OUTPUT, 500)));
            // The error quotes the packet behind its own 8 bytes: IP header, then the source port.
            transaction.add("answers", answer(1, 0, 3, 28));
            transaction.add("answers", answer(58, 0, 1, 48));
            // Resets would take connections out of the table. Flags: RST and ACK.
            transaction.add(Chain.base("silence", Hook.filter(Hook.Point.OUTPUT, -400)));
            transaction.add(
                    "silence",
                    Rule.of(
                            Field.META_L4PROTO.load(Register.R1),
                            new Cmp(Cmp.Op.EQ, Register.R1, Data.ofByte(6)),
                            payload(13, 1),
                            new Cmp(Cmp.Op.EQ, Register.R1, Data.ofByte(0x14)),
                            Immediate.of(Verdict.DROP)));
            nftables.commit(transaction);
            return true;
        });
    }

    private static Rule answer(int protocol, int offset, int value, int portAt) {
        return Rule.of(
                Field.META_L4PROTO.load(Register.R1),
                new Cmp(Cmp.Op.EQ, Register.R1, Data.ofByte(protocol)),
                payload(offset, 1),
                new Cmp(Cmp.Op.EQ, Register.R1, Data.ofByte(value)),
                payload(portAt, 2),
                new Dynset(Dynset.Op.UPDATE, SET, Register.R1, Optional.empty(), 0));
    }

    private static Expression payload(int offset, int length) {
        return new Payload(Payload.Base.TRANSPORT, offset, length, Register.R1);
    }

    static void clear(NetworkNamespace node) {
        run(node, nftables -> {
            var transaction = new Transaction(TABLE);
            transaction.flushSet(SET);
            nftables.commit(transaction);
            return true;
        });
    }

    static Set<Integer> read(NetworkNamespace node) {
        return run(node, nftables -> {
            var ports = new HashSet<Integer>();
            nftables.elements(
                    TABLE, SET, element -> ports.add((int) element.key().bigEndian()));
            return ports;
        });
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
