package io.fairlead.lab.apiserver;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The watches that run on a server, and what can be done to all of them. */
public final class Watches {

    private final Set<Watch> running = ConcurrentHashMap.newKeySet();

    Watches() {}

    void add(Watch watch) {
        running.add(watch);
    }

    void remove(Watch watch) {
        running.remove(watch);
    }

    /** How many run; one whose client has vanished counts until it next writes. */
    public int count() {
        return running.size();
    }

    /** Ends all properly, as a server does when their time is over. */
    public void close() {
        order(new Watch.Order.Close());
    }

    /** Breaks all off in the middle of a frame and cuts their connections. */
    public void truncate() {
        order(new Watch.Order.Truncate());
    }

    /** Writes something into all streams: garbage, half a line, an event that is none. */
    public void send(String text) {
        order(new Watch.Order.Send(text));
    }

    /** Sends an ERROR event with status 410 to all, and ends them. */
    public void expire() {
        order(new Watch.Order.Expire());
    }

    private void order(Watch.Order order) {
        running.forEach(watch -> watch.order(order));
    }
}
