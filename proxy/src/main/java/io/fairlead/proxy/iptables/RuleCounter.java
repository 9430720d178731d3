package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.RestoreSink;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Table;

/** Counts the rules that scripts write, while they are written. */
final class RuleCounter {

    private RuleTotals written = RuleTotals.NONE;

    RuleTotals written() {
        return written;
    }

    /** The same script, counted. */
    RestoreScript counted(RestoreScript script) {
        return sink -> script.writeTo(new CountingSink(sink));
    }

    private final class CountingSink implements RestoreSink {

        private static final RuleTotals IN_FILTER = new RuleTotals(1, 0);
        private static final RuleTotals IN_NAT = new RuleTotals(0, 1);

        private final RestoreSink sink;
        private RuleTotals one = RuleTotals.NONE;

        private CountingSink(RestoreSink sink) {
            this.sink = sink;
        }

        @Override
        public void table(Table table) {
            one = switch (table) {
                case FILTER -> IN_FILTER;
                case NAT -> IN_NAT;
                default -> RuleTotals.NONE;
            };
            sink.table(table);
        }

        @Override
        public void chain(String name) {
            sink.chain(name);
        }

        @Override
        public void append(String chain, Rule rule) {
            written = written.plus(one);
            sink.append(chain, rule);
        }

        @Override
        public void insert(String chain, int position, Rule rule) {
            written = written.plus(one);
            sink.insert(chain, position, rule);
        }

        @Override
        public void delete(String chain, Rule rule) {
            sink.delete(chain, rule);
        }

        @Override
        public void deleteChain(String chain) {
            sink.deleteChain(chain);
        }

        @Override
        public void commit() {
            sink.commit();
        }
    }
}
