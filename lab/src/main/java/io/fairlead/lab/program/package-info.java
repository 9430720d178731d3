/**
 * What runs in the lab's pods: a web server, an echo server and a DNS server of our own, which live in this process with
 * sockets in the pod's network namespace, and programs of the machine, which are started inside it. To the kubelet all of
 * them look the same: a {@link io.fairlead.lab.program.Program} that can be asked to end, or made to.
 */
@NullMarked
package io.fairlead.lab.program;

import org.jspecify.annotations.NullMarked;
