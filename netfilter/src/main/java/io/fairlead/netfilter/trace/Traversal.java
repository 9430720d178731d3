package io.fairlead.netfilter.trace;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** One packet's ways through all hooks. Used once. */
final class Traversal {

    /** Bounds for rules that were made to have too many ways; far above what any real machine has. */
    private static final int MOST_WAYS = 200_000;

    private static final int MOST_CHOICES_IN_A_ROW = 1_000;
    private static final long MOST_STEPS = 100_000_000;

    private final Host host;
    private final Map<Hook, List<BaseChain>> chains;
    private final Deque<Walk> waiting = new ArrayDeque<>();
    private final SequencedSet<String> assumptions = new LinkedHashSet<>();
    private int ways = 1;
    private long steps;

    Traversal(Host host, Map<Hook, List<BaseChain>> chains) {
        this.host = host;
        this.chains = chains;
    }

    Host host() {
        return host;
    }

    Trace run(Packet packet) {
        var first = start(packet);
        var root = first.draft;
        waiting.push(first);
        while (!waiting.isEmpty()) {
            follow(waiting.pop());
        }
        return new Trace(packet, root.freeze(), List.copyOf(assumptions));
    }

    private Walk start(Packet packet) {
        return switch (packet.origin()) {
            case Packet.Arriving(var in) -> new Walk(packet, Hook.PREROUTING, Device.of(in));
            case Packet.Generated _ -> {
                var walk = new Walk(packet, Hook.OUTPUT, Device.NONE);
                walk.out = routeOf(packet);
                yield walk;
            }
        };
    }

    private void follow(Walk walk) {
        while (!walk.ended) {
            if (++steps > MOST_STEPS || walk.draft.depth() > MOST_CHOICES_IN_A_ROW) {
                walk.end(Fate.UNKNOWN, "the rules have more ways than are followed");
            } else if (walk.position != null) {
                walk.position.step(walk, this);
            } else {
                nextChain(walk);
            }
        }
    }

    /**
     * A random choice: the walk that is returned is the one taken with this probability, the given one goes on with the
     * rest. Where there are too many ways, the one taken is not followed.
     */
    Walk fork(Walk walk, Fraction probability) {
        return follow(walk, walk.draft.fork(probability));
    }

    /** The walk that is returned is taken only if the condition holds, which is assumed not to be so. */
    Walk alternative(Walk walk, String condition) {
        var other = follow(walk, walk.draft.alternative(condition));
        other.alternative = true;
        return other;
    }

    private Walk follow(Walk walk, Draft.Fork fork) {
        var taken = walk.copy(fork.taken());
        walk.draft = fork.rest();
        if (++ways > MOST_WAYS) {
            taken.end(Fate.UNKNOWN, "the rules have more ways than are followed");
        }
        waiting.push(taken);
        return taken;
    }

    void assume(Walk walk, String assumption) {
        if (!walk.alternative) {
            assumptions.add(assumption);
        }
    }

    /** Where a packet to this destination leaves. */
    Device routeOf(Packet packet) {
        var to = packet.destination().address();
        return host.isLocal(to) ? Device.LOOPBACK : Device.of(host.routes().interfaceTo(to));
    }

    private void nextChain(Walk walk) {
        var here = chains.getOrDefault(walk.hook, List.of());
        while (walk.asked < here.size()) {
            var chain = here.get(walk.asked++);
            if (!chain.nat() || isAsked(walk, chain)) {
                walk.priority = chain.priority();
                walk.entered = Optional.of(new Step.Enter(walk.hook, chain.table(), chain.name()));
                walk.position = chain.start().get();
                return;
            }
        }
        nextHook(walk);
    }

    private static boolean isAsked(Walk walk, BaseChain nat) {
        boolean settled = nat.translatesDestination() ? walk.destinationSettled : walk.sourceSettled;
        return walk.packet.state() == ConnectionState.NEW && !settled;
    }

    private void nextHook(Walk walk) {
        walk.asked = 0;
        switch (walk.hook) {
            case PREROUTING -> {
                walk.destinationSettled = true;
                boolean local = walk.looped || isForUs(walk.packet);
                walk.hook = local ? Hook.INPUT : Hook.FORWARD;
                walk.out = local ? Device.NONE : routeOf(walk.packet);
                walk.add(new Step.Routed(Hook.PREROUTING, local, walk.out.text()));
            }
            case OUTPUT -> {
                walk.destinationSettled = true;
                walk.hook = Hook.POSTROUTING;
            }
            case FORWARD -> walk.hook = Hook.POSTROUTING;
            case INPUT -> walk.end(Fate.DELIVERED, "");
            case POSTROUTING -> {
                walk.sourceSettled = true;
                leave(walk);
            }
        }
    }

    /** What is sent to an own address comes back in through the loopback interface, connection and mark with it. */
    private static void leave(Walk walk) {
        if (walk.out.equals(Device.LOOPBACK)) {
            walk.looped = true;
            walk.hook = Hook.PREROUTING;
            walk.in = Device.LOOPBACK;
            walk.out = Device.NONE;
        } else {
            walk.end(Fate.SENT, "");
        }
    }

    private boolean isForUs(Packet packet) {
        var to = packet.destination().address();
        return host.isLocal(to) || AddressKind.of(to, host) != AddressKind.UNICAST;
    }
}
