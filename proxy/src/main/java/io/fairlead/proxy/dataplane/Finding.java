package io.fairlead.proxy.dataplane;

import io.fairlead.proxy.cluster.NamespacedName;
import java.util.Optional;

/**
 * One place in which the kernel is not what it should be. A full sync takes {@code found} away and puts {@code expected}
 * there, so a list of findings is also what a sync would change.
 *
 * @param place what holds it, in the kernel's terms: {@code nat KUBE-SERVICES}, {@code map service-ips}
 * @param service whose it is; empty when it belongs to several Services or to none, or when that cannot be told
 * @param expected what should be there, as the kernel's own tool prints it; empty when nothing should
 * @param found what is there instead; empty when nothing is
 */
public record Finding(
        Kind kind, String place, Optional<NamespacedName> service, Optional<String> expected, Optional<String> found) {

    /** What is wrong. */
    public enum Kind {
        /** Not there. */
        MISSING,
        /** There, with another content. */
        ALTERED,
        /** Nobody of ours wrote it, and it stands among what is ours. */
        FOREIGN,
        /** There more than once. */
        DUPLICATE,
        /** There, but not where it has an effect as meant: what stands before it comes first. */
        ORDER,
        /** Ours once, and no longer needed. */
        STALE
    }

    public static Finding missing(String place, Optional<NamespacedName> service, String expected) {
        return new Finding(Kind.MISSING, place, service, Optional.of(expected), Optional.empty());
    }

    public static Finding altered(String place, Optional<NamespacedName> service, String expected, String found) {
        return new Finding(Kind.ALTERED, place, service, Optional.of(expected), Optional.of(found));
    }

    /** Something that is too much: {@link Kind#FOREIGN}, {@link Kind#DUPLICATE} or {@link Kind#STALE}. */
    public static Finding surplus(Kind kind, String place, Optional<NamespacedName> service, String found) {
        return new Finding(kind, place, service, Optional.empty(), Optional.of(found));
    }

    /** Something that stands in the wrong place of its list. */
    public static Finding misplaced(String place, Optional<NamespacedName> service, String text) {
        return new Finding(Kind.ORDER, place, service, Optional.of(text), Optional.of(text));
    }
}
