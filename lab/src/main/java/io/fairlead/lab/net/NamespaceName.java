package io.fairlead.lab.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The name of a namespace that this process makes. */
record NamespaceName(String text) {

    private static final Path DIRECTORY = Path.of("/run/netns"); // ip-netns(8)
    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,62}");
    private static final int TOKENS = 36 * 36 * 36 * 36;

    /** Names that no namespace has, in the order of the roles. */
    static List<NamespaceName> fresh(List<String> roles) {
        String token = Integer.toString(TOKENS + ThreadLocalRandom.current().nextInt(TOKENS), 36)
                .substring(1);
        return roles.stream().map(role -> of(token, role)).toList();
    }

    private static NamespaceName of(String token, String role) {
        if (!ROLE.matcher(role).matches()) {
            throw new IllegalArgumentException("\"" + role
                    + "\" cannot be part of a namespace's name (letters, digits, dots, dashes; at most 63)");
        }
        var name = new NamespaceName("fl" + ProcessHandle.current().pid() + "-" + token + "-" + role);
        if (name.identity().isPresent()) {
            throw new IllegalStateException("network namespace " + name + " exists already");
        }
        return name;
    }

    Path file() {
        return DIRECTORY.resolve(text);
    }

    /** The inode number of the namespace that has this name now; unique among those alive. */
    Optional<Object> identity() {
        try {
            return Optional.of(Files.getAttribute(file(), "unix:ino"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() {
        new IpBatch().add("netns", "delete", text).run();
    }

    @Override
    public String toString() {
        return text;
    }
}
