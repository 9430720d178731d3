/** What the proxy tells Prometheus and its operator: kube-proxy's metrics port (spec: process, sections 3.11 and 5). */
@NullMarked
package io.fairlead.proxy.metrics;

import org.jspecify.annotations.NullMarked;
