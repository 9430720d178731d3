/**
 * Flags and a KubeProxyConfiguration document (kubeproxy.config.k8s.io/v1alpha1) become one immutable
 * {@link io.fairlead.proxy.config.ProxyConfig}, and what follows from it once the Node is known: node addresses, NodePort
 * addresses, detection of local traffic. Knows nothing of the kernel.
 */
@NullMarked
package io.fairlead.proxy.config;

import org.jspecify.annotations.NullMarked;
