package io.fairlead.lab.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The proxy under trial, as a process of its own on the node.
 *
 * @param program the command line that starts Fairlead, up to its first argument
 * @param arguments of {@code proxy}, without the node's name
 * @param folder for the lock of each node's iptables; without one of its own a node would wait for all others
 */
public record ProxyImage(List<String> program, List<String> arguments, Path folder) implements Image {

    public ProxyImage {
        program = List.copyOf(program);
        arguments = List.copyOf(arguments);
    }

    @Override
    public Program start(Container container) throws IOException {
        var command = new ArrayList<>(program);
        command.add("proxy");
        command.addAll(arguments);
        command.add("--hostname-override=" + container.node());
        command.addAll(container.arguments());
        var lock = folder.resolve("xtables-" + container.node() + ".lock");
        return HostProgram.start(container, command, Map.of("XTABLES_LOCKFILE", lock.toString()));
    }
}
