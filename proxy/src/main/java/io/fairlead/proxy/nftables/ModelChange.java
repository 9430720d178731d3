package io.fairlead.proxy.nftables;

import java.util.List;
import java.util.Optional;

/** How what is wanted differs from what was wanted before. */
record ModelChange(List<OfPlace> places, List<PortPlan> oldPlans, List<PortPlan> newPlans, OfShapes shapes) {

    /** A place that may say something else, or be somebody else's. */
    record OfPlace(Optional<Holding> before, Optional<Holding> after) {}

    /** Shared chains that are used for the first time, and those that are not used any more. */
    record OfShapes(List<Shape> begun, List<Shape> ended) {}
}
