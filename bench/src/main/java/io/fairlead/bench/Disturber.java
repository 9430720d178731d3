package io.fairlead.bench;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Somebody who changes the table beside us: measures how long until that is mended. */
final class Disturber {

    private static final int ROUNDS = 100;

    /** The table as a whole takes as long as a first load. */
    private static final int TABLES = 3;

    private static final TableId TABLE = new TableId(Family.IP, "kube-proxy");
    private static final int TCP = 6;
    private static final NftSet SERVICE_IPS =
            NftSet.verdictMap("service-ips", DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE);

    private Disturber() {}

    /** Prints the time from the end of the other's transaction to the end of ours. */
    static void measure(NftablesTarget target, ScaleCluster cluster, PrintWriter out) throws Exception {
        var table = cluster.table();
        print("element deleted", target, table, ROUNDS, i -> deleteElement(cluster, i), out);
        print("rule added", target, table, ROUNDS, _ -> addRule(), out);
        print("table deleted", target, table, TABLES, _ -> new Transaction(TABLE).deleteTable(), out);
    }

    private static void print(
            String what,
            NftablesTarget target,
            RoutingTable table,
            int rounds,
            IntFunction<Transaction> change,
            PrintWriter out)
            throws Exception {
        var nanos = new ArrayList<Long>();
        for (int i = 0; i < rounds; i++) {
            nanos.add(target.disturbAndMend(change.apply(i), table));
        }
        out.printf("by somebody else: %-15s, mended after %s%n", what, Percentiles.of(nanos));
    }

    private static Transaction deleteElement(ScaleCluster cluster, int round) {
        var name = ScaleCluster.name(round % cluster.services());
        var port = cluster.table().portsOf(name).getFirst();
        var key = Data.endpoint(port.clusterIp(), TCP, port.port());
        return new Transaction(TABLE).delete(SERVICE_IPS, List.of(Element.of(key)));
    }

    private static Transaction addRule() {
        return new Transaction(TABLE)
                .insert("services", RuleBuilder.of(IpFamily.IPV4).accept().build());
    }
}
