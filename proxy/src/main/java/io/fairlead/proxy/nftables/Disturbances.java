package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.wire.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Collects what is heard of others' changes to one table until somebody asks. For several threads. */
final class Disturbances {

    /** Looking at more things one by one would take longer than reading all of them. */
    private static final int MOST = 1_000;

    /** How the kernel names sets that belong to a rule: the rule is told of, too. */
    private static final String ANONYMOUS_PREFIX = "__";

    private boolean everything;
    private int count;
    private final Set<String> objects = new HashSet<>();
    private final Map<String, Set<Data>> elements = new HashMap<>();

    synchronized void add(Message message) {
        if (everything) {
            return;
        }
        switch (message) {
            case Message.OfTable _ -> addEverything();
            case Message.OfChain of -> addObject(of.chain().name());
            case Message.OfRule of -> addObject(of.chain());
            case Message.OfSet of -> addSet(of.set().name());
            case Message.OfElements of -> of.elements().forEach(element -> addElement(of.set(), element.key()));
            case Message.OfGeneration _ -> {}
        }
        if (count > MOST) {
            addEverything();
        }
    }

    /** Nobody knows what was changed. */
    synchronized void addEverything() {
        everything = true;
        objects.clear();
        elements.clear();
    }

    private void addObject(String name) {
        if (objects.add(name)) {
            count++;
        }
    }

    /** With a set of the table's own its elements came or went. */
    private void addSet(String name) {
        if (Names.isAffinitySet(name)) {
            addObject(name);
        } else if (!name.startsWith(ANONYMOUS_PREFIX)) {
            addEverything();
        }
    }

    private void addElement(String set, Data key) {
        if (elements.computeIfAbsent(set, _ -> new HashSet<>()).add(key)) {
            count++;
        }
    }

    synchronized Disturbance take() {
        var taken = everything ? Disturbance.OF_EVERYTHING : new Disturbance(false, objects, elements);
        everything = false;
        count = 0;
        objects.clear();
        elements.clear();
        return taken;
    }
}
