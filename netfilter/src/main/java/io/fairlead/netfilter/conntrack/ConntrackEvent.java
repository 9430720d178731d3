package io.fairlead.netfilter.conntrack;

/** What the kernel tells of its table. */
public sealed interface ConntrackEvent {

    record Created(ConntrackFlow flow) implements ConntrackEvent {}

    record Destroyed(ConntrackFlow flow) implements ConntrackEvent {}

    /** Events were lost because they were not read in time: only a new listing tells what happened. */
    record Lost() implements ConntrackEvent {}
}
