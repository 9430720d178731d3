package io.fairlead.cli.packets;

import io.fairlead.lab.net.Topology;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives every test class of a mode the same running lab with the Services of {@link World}; it goes when the last test is
 * over.
 */
final class SharedLab implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PacketLab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedLab.class))
                .getOrComputeIfAbsent(backend(context), SharedLab::start, PacketLab.class);
    }

    private static Backend backend(ExtensionContext context) {
        return context.getRequiredTestClass().isAnnotationPresent(InNftablesMode.class)
                ? Backend.NFTABLES
                : Backend.NFT;
    }

    private static PacketLab start(Backend backend) {
        var net = Topology.builder().node(3).node(3).build();
        return PacketLab.start(net, new PacketLab.Settings(backend, true, false), new World(net).services());
    }
}
