package io.fairlead.lab.dns;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A question, and how to say the answer (RFC 1035, with the size of RFC 6891).
 *
 * @param flags of the header
 * @param error 0, or what is wrong with the message
 * @param udpSize what the client takes in one datagram, in bytes
 */
public record DnsQuery(int id, int flags, int error, DnsName name, int type, int udpSize, boolean extended) {

    private static final int HEADER = 12;
    private static final int CLASSIC_UDP = 512;
    private static final int MAX_UDP = 1232; // fits every path's MTU
    private static final int CLASS_IN = 1;
    private static final int QR = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int AA = 0x0400;
    private static final int TC = 0x0200;
    private static final int RD = 0x0100;

    /** @return empty for what cannot or must not be answered: an answer, or too little */
    public static Optional<DnsQuery> parse(ByteBuffer in) {
        if (in.remaining() < HEADER) {
            return Optional.empty();
        }
        int id = in.getShort() & 0xffff;
        int flags = in.getShort() & 0xffff;
        int questions = in.getShort();
        int others = in.getInt();
        int additional = in.getShort();
        if ((flags & QR) != 0) {
            return Optional.empty();
        }
        if ((flags & OPCODE) != 0) {
            return Optional.of(broken(id, flags, DnsAnswer.NOT_IMPLEMENTED));
        }
        if (questions != 1 || others != 0) {
            return Optional.of(broken(id, flags, DnsAnswer.FORMAT_ERROR));
        }
        try {
            var name = DnsName.read(in);
            int type = in.getShort() & 0xffff;
            int error = (in.getShort() & 0xffff) == CLASS_IN ? 0 : DnsAnswer.NOT_IMPLEMENTED;
            var size = additional == 0 ? Optional.<Integer>empty() : extendedSize(in);
            int udp = Math.clamp(size.orElse(CLASSIC_UDP), CLASSIC_UDP, MAX_UDP);
            return Optional.of(new DnsQuery(id, flags, error, name, type, udp, size.isPresent()));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.of(broken(id, flags, DnsAnswer.FORMAT_ERROR));
        }
    }

    private static DnsQuery broken(int id, int flags, int error) {
        return new DnsQuery(id, flags, error, new DnsName(List.of()), 0, CLASSIC_UDP, false);
    }

    /** Of an OPT record, which has the root's name and the size in place of a class. */
    private static Optional<Integer> extendedSize(ByteBuffer in) {
        if (in.remaining() < 11 || in.get() != 0 || (in.getShort() & 0xffff) != DnsType.OPT) {
            return Optional.empty();
        }
        return Optional.of(in.getShort() & 0xffff);
    }

    /** @param limit bytes; a longer answer is sent without records and says so */
    public byte[] answer(DnsZone zone, int limit) {
        var answer = error != 0 ? DnsAnswer.only(error) : zone.answer(name, type);
        byte[] whole = encode(answer, 0);
        return whole.length <= limit ? whole : encode(DnsAnswer.only(answer.code()), TC);
    }

    private byte[] encode(DnsAnswer answer, int moreFlags) {
        var out = new ByteArrayOutputStream();
        int answerFlags = QR | (flags & (OPCODE | RD)) | moreFlags | answer.code();
        if (answer.code() == DnsAnswer.NO_ERROR || answer.code() == DnsAnswer.NAME_ERROR) {
            answerFlags |= AA;
        }
        boolean echo = error != DnsAnswer.FORMAT_ERROR && type != 0;
        int additional = answer.additional().size() + (extended ? 1 : 0);
        for (int number : new int[] {
            id,
            answerFlags,
            echo ? 1 : 0,
            answer.answers().size(),
            answer.authority().size(),
            additional
        }) {
            writeShort(out, number);
        }
        if (echo) {
            name.write(out);
            writeShort(out, type);
            writeShort(out, CLASS_IN);
        }
        answer.answers().forEach(entry -> write(out, entry));
        answer.authority().forEach(entry -> write(out, entry));
        answer.additional().forEach(entry -> write(out, entry));
        if (extended) {
            out.write(0);
            writeShort(out, DnsType.OPT);
            writeShort(out, MAX_UDP);
            out.writeBytes(new byte[6]);
        }
        return out.toByteArray();
    }

    private void write(ByteArrayOutputStream out, DnsRecord entry) {
        if (entry.name().equals(name)) {
            writeShort(out, 0xc000 | HEADER); // the question's name
        } else {
            entry.name().write(out);
        }
        writeShort(out, entry.type());
        writeShort(out, CLASS_IN);
        out.writeBytes(ByteBuffer.allocate(4).putInt(entry.ttl()).array());
        writeShort(out, entry.data().length);
        out.writeBytes(entry.data());
    }

    private static void writeShort(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }
}
