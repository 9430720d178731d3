package io.fairlead.proxy.dataplane;

/**
 * What one successful sync did.
 *
 * @param full the kernel was compared as a whole, rather than the known difference written
 * @param rulesWritten rules added, by insertion or as part of a rewritten chain
 * @param rulesDeleted rules taken out one by one
 * @param chainsDeleted chains of Services or endpoints that are gone
 * @param drifted the known difference did not fit the kernel: somebody else had changed our rules
 */
public record SyncResult(boolean full, int rulesWritten, int rulesDeleted, int chainsDeleted, boolean drifted) {}
