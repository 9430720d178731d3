/**
 * How objects are shown as rows of a table: the columns that kubectl prints. Specified by what the API servers of
 * Kubernetes 1.36 answer to {@code as=Table}.
 */
@NullMarked
package io.fairlead.lab.controlplane.table;

import org.jspecify.annotations.NullMarked;
