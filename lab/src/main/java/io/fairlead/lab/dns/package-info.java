/**
 * A cluster's DNS: the names of Services and pods as the Kubernetes DNS specification (version 1.1.0,
 * https://github.com/kubernetes/dns) has them, and the messages of RFC 1035 around them. Knows no sockets.
 */
@NullMarked
package io.fairlead.lab.dns;

import org.jspecify.annotations.NullMarked;
