/** The machine this proxy runs on: its addresses, its kernel settings. */
@NullMarked
package io.fairlead.proxy.node;

import org.jspecify.annotations.NullMarked;
