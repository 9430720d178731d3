package io.fairlead.lab.net;

import java.util.Collection;
import java.util.List;

/**
 * Is told of every network namespace, so that somebody else can remove those that are left when this process ends without
 * a chance to do so. Who keeps one also sees to it that an ordinary end removes all of them: namespaces with a ledger are
 * not removed when the Java process ends. Safe for use by many threads.
 */
public interface Ledger {

    /** These names are about to be made; no namespace has them now. */
    void announce(List<String> names);

    /** @param identity the namespace's inode number, by which it is told from another one of that name */
    void made(String name, long identity);

    /** These are gone. */
    void removed(Collection<String> names);
}
