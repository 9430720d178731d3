package io.fairlead.lab.program;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The images there are. A reference names one by the last part of its repository, whatever its registry, tag and digest:
 * {@code nginx}, {@code nginx:1.27} and {@code docker.io/library/nginx@sha256:…} are the same here.
 */
public record Images(Map<String, Image> byName) {

    public Images {
        byName = Map.copyOf(byName);
    }

    /** These and one more, or another one of that name. */
    public Images with(String name, Image image) {
        var more = new HashMap<>(byName);
        more.put(name, image);
        return new Images(more);
    }

    public Optional<Image> find(String reference) {
        return Optional.ofNullable(byName.get(name(reference)));
    }

    private static String name(String reference) {
        String untagged = reference.replaceFirst("@.*", "");
        String last = untagged.substring(untagged.lastIndexOf('/') + 1);
        return last.replaceFirst(":.*", "");
    }
}
