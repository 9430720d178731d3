/** What the proxy tells the cluster about itself. */
@NullMarked
package io.fairlead.proxy.events;

import org.jspecify.annotations.NullMarked;
