/** Where the cluster's objects come from: the Kubernetes API, or manifest files. Both decode into the same compact model. */
@NullMarked
package io.fairlead.proxy.source;

import org.jspecify.annotations.NullMarked;
