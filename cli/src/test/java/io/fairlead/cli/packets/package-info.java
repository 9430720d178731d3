/** The daemon, a real kernel and real packets: what clients and servers see of it. */
@NullMarked
package io.fairlead.cli.packets;

import org.jspecify.annotations.NullMarked;
