/** HTTP servers for probes and scrapes: small answers to anybody who asks, whatever the asker does. */
@NullMarked
package io.fairlead.proxy.http;

import org.jspecify.annotations.NullMarked;
