/** The connection to the Kubernetes API: kubeconfig and in-cluster credentials, TLS, plain GETs with streamed bodies. */
@NullMarked
package io.fairlead.proxy.source.api;

import org.jspecify.annotations.NullMarked;
