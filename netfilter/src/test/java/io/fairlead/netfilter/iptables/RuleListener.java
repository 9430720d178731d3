package io.fairlead.netfilter.iptables;

import java.util.List;
import java.util.Optional;

/** Prints every rule of a listing again. */
record RuleListener(SavePrinter printer, List<String> printed) implements SaveListener {

    @Override
    public void table(Table table) {}

    @Override
    public void chain(String name, Optional<Target.Verdict> policy) {}

    @Override
    public void rule(String chain, Rule rule) {
        printed.add(printer.line(chain, rule));
    }

    @Override
    public void end() {}
}
