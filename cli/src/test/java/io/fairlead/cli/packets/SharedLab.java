package io.fairlead.cli.packets;

import io.fairlead.lab.net.Topology;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives every test class the same running lab with the Services of {@link World}; it goes when the last test is over. */
final class SharedLab implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PacketLab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedLab.class))
                .getOrComputeIfAbsent(PacketLab.class, _ -> start(), PacketLab.class);
    }

    private static PacketLab start() {
        var net = Topology.builder().node(3).node(3).build();
        return PacketLab.start(net, PacketLab.Settings.DEFAULT, new World(net).services());
    }
}
