package io.fairlead.netfilter.trace;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One packet on one way: what it has become, and where it is. Mutable; a fork copies it. */
final class Walk {

    final Packet original;
    Draft draft;
    Packet packet;
    Device in;
    Device out = Device.NONE;
    Hook hook;
    int connectionMark;
    Optional<Endpoint> translatedTo = Optional.empty();
    Outcome.NewSource newSource = new Outcome.NewSource.Kept();

    /** The nat hook for this end of the connection is over. */
    boolean destinationSettled;

    boolean sourceSettled;

    /** It has been sent to this machine's own address, and now arrives. */
    boolean looped;

    /** Something that was to be assumed is otherwise on this way. */
    boolean alternative;

    boolean ended;

    /** Lists that rules have put the source into on this way. */
    final Set<String> remembered;

    /** What has been decided about things that are not known. */
    final Map<String, Boolean> events;

    /** Base chains of the hook that have been asked. */
    int asked;

    Optional<Step.Enter> entered = Optional.empty();
    int priority;

    @Nullable Position position;

    Walk(Packet packet, Hook hook, Device in) {
        this.original = packet;
        this.packet = packet;
        this.hook = hook;
        this.in = in;
        this.draft = Draft.root();
        this.remembered = new HashSet<>();
        this.events = new HashMap<>();
    }

    private Walk(Walk from, Draft draft) {
        this.original = from.original;
        this.draft = draft;
        this.packet = from.packet;
        this.in = from.in;
        this.out = from.out;
        this.hook = from.hook;
        this.connectionMark = from.connectionMark;
        this.translatedTo = from.translatedTo;
        this.newSource = from.newSource;
        this.destinationSettled = from.destinationSettled;
        this.sourceSettled = from.sourceSettled;
        this.looped = from.looped;
        this.alternative = from.alternative;
        this.remembered = new HashSet<>(from.remembered);
        this.events = new HashMap<>(from.events);
        this.asked = from.asked;
        this.entered = from.entered;
        this.priority = from.priority;
        this.position = from.position == null ? null : from.position.copy();
    }

    Walk copy(Draft to) {
        return new Walk(this, to);
    }

    /** What connection tracking says where the walk is now. */
    ConnectionState state() {
        boolean notYet = priority <= BaseChain.CONNTRACK
                && !looped
                && (hook == Hook.PREROUTING || hook == Hook.OUTPUT)
                && packet.state() != ConnectionState.UNTRACKED;
        return notYet ? ConnectionState.INVALID : packet.state();
    }

    /** A rule has done something. */
    void hit(RuleRef rule, Effect effect) {
        flushEntered();
        draft.add(new Step.Hit(hook, rule, effect));
    }

    void add(Step step) {
        flushEntered();
        draft.add(step);
    }

    private void flushEntered() {
        entered.ifPresent(draft::add);
        entered = Optional.empty();
    }

    /** The base chain has no objection. */
    void leaveChain() {
        position = null;
        entered = Optional.empty();
    }

    void translateDestination(Endpoint to) {
        translatedTo = Optional.of(to);
        packet = packet.withDestination(to);
        destinationSettled = true;
        leaveChain();
    }

    void translateSource(Outcome.NewSource to) {
        newSource = to;
        sourceSettled = true;
        leaveChain();
    }

    void mark(int value) {
        packet = packet.withMark(value);
    }

    void end(Fate fate, String reason) {
        draft.end(new Outcome(fate, translatedTo, newSource, reason));
        ended = true;
    }
}
