package io.fairlead.cli;

import picocli.CommandLine.Option;

/** Which node this is. */
final class NodeFlags {

    @Option(
            names = "--hostname-override",
            paramLabel = "NAME",
            description = "Name of this machine's Node (default: the host name). Beats --config.")
    String hostnameOverride = "";

    @Option(
            names = "--bind-address",
            converter = FlagValue.Ip.class,
            paramLabel = "IP",
            description =
                    "Address of this node, instead of the Node object's (default: 0.0.0.0, which means: as the Node says). No socket is bound to it.")
    String bindAddress = "0.0.0.0";
}
