package io.fairlead.lab.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Commands for a single {@code ip -batch} process, because starting processes costs more than what they do. */
final class IpBatch {

    /** Batch lines are split at blanks and know quotes and comments; nothing that needs any of it is let through. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9.:/_@+-]+");

    private final Optional<NetworkNamespace> namespace;
    private final List<String> lines = new ArrayList<>();

    /** Commands that run outside any namespace. */
    IpBatch() {
        this.namespace = Optional.empty();
    }

    IpBatch(NetworkNamespace namespace) {
        this.namespace = Optional.of(namespace);
    }

    IpBatch add(String... words) {
        for (var word : words) {
            if (!WORD.matcher(word).matches()) {
                throw new IllegalArgumentException("\"" + word + "\" cannot be a word of an ip command");
            }
        }
        lines.add(String.join(" ", words) + "\n");
        return this;
    }

    /** Stops at the first command that fails. */
    void run() {
        run(List.of("-batch", "-"));
    }

    /** Runs all, and fails at the end if any failed. */
    void runAll() {
        run(List.of("-force", "-batch", "-"));
    }

    private void run(List<String> options) {
        if (lines.isEmpty()) {
            return;
        }
        var command = new ArrayList<String>(List.of("ip"));
        namespace.ifPresent(inside -> command.addAll(List.of("-n", inside.name())));
        command.addAll(options);
        Command.run(command, String.join("", lines));
    }
}
