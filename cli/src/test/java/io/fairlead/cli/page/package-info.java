/** The page in a real browser. */
@NullMarked
package io.fairlead.cli.page;

import org.jspecify.annotations.NullMarked;
