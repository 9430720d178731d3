/**
 * Network namespaces with real packets: nodes, pods and an outside client on one machine, servers that say who they are,
 * and probes that say what came of a connection.
 *
 * <p>Needs root and iproute2. Nothing here touches the machine's own interfaces, routes or rules: every interface is made
 * inside a namespace of this package, and only such namespaces are ever removed.
 */
@NullMarked
package io.fairlead.lab.net;

import org.jspecify.annotations.NullMarked;
