package io.fairlead.proxy.dataplane;

import java.util.List;

/**
 * What one successful sync did.
 *
 * @param full the kernel was compared as a whole, rather than the known difference written
 * @param rulesWritten rules added, by insertion or as part of a rewritten chain
 * @param rulesDeleted rules taken out one by one
 * @param chainsDeleted chains of Services or endpoints that are gone
 * @param drifted the known difference did not fit the kernel: somebody else had changed our rules
 * @param mended what somebody else had changed, by name; the first few only
 * @param tables the rules by table, where the kernel has such
 * @param cleanupFailed chains of Services that are gone could not be deleted, which is tried again
 */
public record SyncResult(
        boolean full,
        int rulesWritten,
        int rulesDeleted,
        int chainsDeleted,
        boolean drifted,
        List<String> mended,
        List<TableRules> tables,
        boolean cleanupFailed) {

    /** One that has left nothing behind. */
    public SyncResult(
            boolean full,
            int rulesWritten,
            int rulesDeleted,
            int chainsDeleted,
            boolean drifted,
            List<String> mended,
            List<TableRules> tables) {
        this(full, rulesWritten, rulesDeleted, chainsDeleted, drifted, mended, tables, false);
    }

    public SyncResult {
        mended = List.copyOf(mended);
        tables = List.copyOf(tables);
    }

    /**
     * One table's rules.
     *
     * @param owned ours in the kernel now, jumps from built-in chains not counted
     * @param written by this sync
     */
    public record TableRules(String table, int owned, int written) {}
}
