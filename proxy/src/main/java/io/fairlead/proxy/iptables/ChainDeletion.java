package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.RestoreSink;
import io.fairlead.netfilter.iptables.Table;
import java.util.List;

/** Empties and deletes chains of the nat table. Nothing else may jump to them. */
record ChainDeletion(List<String> chains) implements RestoreScript {

    @Override
    public void writeTo(RestoreSink sink) {
        sink.table(Table.NAT);
        chains.forEach(sink::chain);
        chains.forEach(sink::deleteChain);
        sink.commit();
    }
}
