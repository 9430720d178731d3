package io.fairlead.lab.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The few system calls that the JDK does not offer: setns(2) and raw sockets. Linux on a 64-bit machine. */
@SuppressWarnings("restricted") // calling C is what this class is for
final class SystemCalls {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

    private static final MethodHandle OPEN = handle(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = ints("close", 1);
    private static final MethodHandle SETNS = ints("setns", 2);
    private static final MethodHandle SOCKET = ints("socket", 3);
    private static final MethodHandle SHUTDOWN = ints("shutdown", 2);
    private static final MethodHandle BIND =
            handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CONNECT =
            handle("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDTO = handle(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVFROM = handle(
            "recvfrom", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle POLL =
            handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private static final int O_RDONLY_CLOEXEC = 0x80000; // include/uapi/asm-generic/fcntl.h
    private static final int CLONE_NEWNET = 0x40000000; // include/uapi/linux/sched.h
    private static final short POLLIN = 1; // include/uapi/asm-generic/poll.h

    private SystemCalls() {}

    /** Moves the calling thread, and nothing else of the process, into a network namespace. */
    static void enterNetworkNamespace(Path file) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var path = arena.allocateFrom(file.toString());
            int fd = (int) call("open " + file, state -> (int) OPEN.invokeExact(state, path, O_RDONLY_CLOEXEC, 0));
            try {
                call("setns " + file, state -> (int) SETNS.invokeExact(state, fd, CLONE_NEWNET));
            } finally {
                close(fd);
            }
        }
    }

    static int socket(int family, int type, int protocol) throws ErrnoException {
        return (int) call("socket", state -> (int) SOCKET.invokeExact(state, family, type, protocol));
    }

    static void close(int fd) throws ErrnoException {
        call("close", state -> (int) CLOSE.invokeExact(state, fd));
    }

    static void shutdown(int fd) throws ErrnoException {
        call("shutdown", state -> (int) SHUTDOWN.invokeExact(state, fd, 2));
    }

    static void bind(int fd, MemorySegment address) throws ErrnoException {
        call("bind", state -> (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
    }

    static void connect(int fd, MemorySegment address) throws ErrnoException {
        call("connect", state -> (int) CONNECT.invokeExact(state, fd, address, (int) address.byteSize()));
    }

    /** @param address the peer, or {@link MemorySegment#NULL} on a connected socket */
    static void send(int fd, MemorySegment data, MemorySegment address) throws ErrnoException {
        call("sendto", state ->
                (long) SENDTO.invokeExact(state, fd, data, data.byteSize(), 0, address, (int) address.byteSize()));
    }

    /**
     * @param address receives the peer's address
     * @return bytes received; 0 also when the socket was shut down
     */
    static int receive(int fd, MemorySegment data, MemorySegment address) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var length = arena.allocateFrom(JAVA_INT, (int) address.byteSize());
            return (int) call("recvfrom", state ->
                    (long) RECVFROM.invokeExact(state, fd, data, data.byteSize(), 0, address, length));
        }
    }

    /**
     * Waits until there is something to receive, an error or a shutdown.
     *
     * @param timeoutMillis -1 waits without end; begins anew when a signal comes in between
     * @return whether there is
     */
    static boolean awaitReadable(int fd, int timeoutMillis) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var poll = arena.allocate(8, 4); // struct pollfd { int fd; short events; short revents; }
            poll.set(JAVA_INT, 0, fd);
            poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            while (true) {
                try {
                    return call("poll", state -> (int) POLL.invokeExact(state, poll, 1L, timeoutMillis)) > 0;
                } catch (ErrnoException e) {
                    if (e.errno() != ErrnoException.EINTR) {
                        throw e;
                    }
                }
            }
        }
    }

    @FunctionalInterface
    private interface Invocation {
        long invoke(MemorySegment state) throws Throwable;
    }

    private static long call(String what, Invocation invocation) throws ErrnoException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(CALL_STATE);
            long result = invocation.invoke(state);
            if (result < 0) {
                throw new ErrnoException(what, state.get(JAVA_INT, 0));
            }
            return result;
        } catch (ErrnoException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(what + " cannot be called", e);
        }
    }

    private static MethodHandle ints(String name, int count) {
        var arguments = new ValueLayout[count];
        Arrays.fill(arguments, JAVA_INT);
        return handle(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        var all = Stream.concat(Stream.of(Linker.Option.captureCallState("errno")), Stream.of(options))
                .toArray(Linker.Option[]::new);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
    }
}
