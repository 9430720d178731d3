package io.fairlead.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The name of the Node this proxy runs on. */
public final class NodeName {

    private static final Path KERNEL_HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    private NodeName() {}

    /**
     * The configured override, or the machine's own name; trimmed and in lower case.
     *
     * @throws ConfigException when the name is blank or the machine's cannot be read
     */
    public static String of(ProxyConfig config) {
        return normalise(config.hostnameOverride().isEmpty() ? machineName() : config.hostnameOverride());
    }

    /**
     * The machine's own name, whatever the Node is called.
     *
     * @throws ConfigException when it cannot be read
     */
    public static String ofMachine() {
        return machineName().strip();
    }

    static String normalise(String name) {
        String normal = name.strip().toLowerCase(Locale.ROOT);
        if (normal.isEmpty()) {
            throw new ConfigException("empty hostname is invalid; set --hostname-override to the Node's name");
        }
        return normal;
    }

    /**
     * What {@code --hostname-override} makes of the file's value; an empty flag leaves it.
     *
     * @throws ConfigException for a flag of blanks only
     */
    public static String override(String flag, String fromFile) {
        if (flag.isEmpty()) {
            return fromFile;
        }
        if (flag.isBlank()) {
            throw new ConfigException("empty hostname-override is invalid");
        }
        return flag.strip().toLowerCase(Locale.ROOT);
    }

    private static String machineName() {
        try {
            return Files.readString(KERNEL_HOSTNAME);
        } catch (IOException e) {
            throw new ConfigException(
                    "couldn't determine hostname: " + e.getMessage() + "; set --hostname-override to the Node's name",
                    e);
        }
    }
}
