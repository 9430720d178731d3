package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import java.util.ArrayList;
import java.util.List;

/** Says in words what edits come by, and passes them on. */
final class EditLog implements TableEdits {

    private final TableEdits next;
    private final int most;
    private final List<String> lines = new ArrayList<>();
    private int count;

    /** @param most so many lines are kept, the others counted only */
    EditLog(TableEdits next, int most) {
        this.next = next;
        this.most = most;
    }

    /** The first of them. */
    List<String> lines() {
        return lines;
    }

    /** How many there were. */
    int count() {
        return count;
    }

    private void say(String line) {
        count++;
        if (lines.size() < most) {
            lines.add(line);
        }
    }

    private void say(NftSet set, Element element, String what) {
        count++;
        if (lines.size() < most) {
            lines.add("element " + ElementText.key(set, element.key()) + " of " + set.name() + " " + what);
        }
    }

    @Override
    public void discardTable() {
        say("sets of other types");
        next.discardTable();
    }

    @Override
    public void createTable() {
        say("the table is missing");
        next.createTable();
    }

    @Override
    public void createSet(NftSet set) {
        say((set.isMap() ? "map " : "set ") + set.name() + " is missing");
        next.createSet(set);
    }

    @Override
    public void createChain(ChainPlan chain) {
        say("chain " + chain.name() + " is missing");
        next.createChain(chain);
    }

    @Override
    public void rewriteChain(ChainPlan chain) {
        say("chain " + chain.name() + " has other rules");
        next.rewriteChain(chain);
    }

    @Override
    public void replaceChain(ChainPlan chain) {
        say("chain " + chain.name() + " is hooked in elsewhere");
        next.replaceChain(chain);
    }

    @Override
    public void add(NftSet set, Element element) {
        say(set, element, "is missing");
        next.add(set, element);
    }

    @Override
    public void replace(NftSet set, Element element) {
        say(set, element, "has another value");
        next.replace(set, element);
    }

    @Override
    public void remove(NftSet set, Element element) {
        say(set, element, "is not ours");
        next.remove(set, element);
    }

    @Override
    public void emptyChain(String name) {
        say("chain " + name + " is not ours");
        next.emptyChain(name);
    }

    @Override
    public void removeSet(String name) {
        say("set " + name + " is not ours");
        next.removeSet(name);
    }

    @Override
    public void barrier() {
        next.barrier();
    }
}
