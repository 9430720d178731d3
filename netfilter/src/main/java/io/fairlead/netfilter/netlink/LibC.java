package io.fairlead.netfilter.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few functions of the C library that a netlink socket needs. Every call gives the function's result, or the
 * negative errno.
 */
final class LibC {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = function("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SEND = function("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV = function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);

    private LibC() {}

    // Calling into libc is what this class is for; callers must grant native access.
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    static int socket(int domain, int type, int protocol) {
        return (int) call(state -> (int) SOCKET.invokeExact(state, domain, type, protocol));
    }

    static int bind(int socket, MemorySegment address) {
        return (int) call(state -> (int) BIND.invokeExact(state, socket, address, (int) address.byteSize()));
    }

    static int setsockopt(int socket, int level, int option, MemorySegment value) {
        return (int) call(
                state -> (int) SETSOCKOPT.invokeExact(state, socket, level, option, value, (int) value.byteSize()));
    }

    static long send(int socket, MemorySegment message, long length) {
        return call(state -> (long) SEND.invokeExact(state, socket, message, length, 0));
    }

    static long recv(int socket, MemorySegment into, int flags) {
        return call(state -> (long) RECV.invokeExact(state, socket, into, into.byteSize(), flags));
    }

    static int getsockname(int socket, MemorySegment address, MemorySegment length) {
        return (int) call(state -> (int) GETSOCKNAME.invokeExact(state, socket, address, length));
    }

    static void close(int socket) {
        // Nothing can be done about a failed close; the descriptor is gone either way.
        long ignored = call(state -> (int) CLOSE.invokeExact(state, socket));
        assert ignored <= 0;
    }

    @FunctionalInterface
    private interface Call {
        long invoke(MemorySegment state) throws Throwable;
    }

    private static long call(Call call) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(STATE);
            long result = call.invoke(state);
            return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call into the C library cannot throw", e);
        }
    }
}
