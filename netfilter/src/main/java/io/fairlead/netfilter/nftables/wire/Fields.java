package io.fairlead.netfilter.nftables.wire;

import static io.fairlead.netfilter.nftables.wire.NfTables.NFTA_DATA_VALUE;
import static io.fairlead.netfilter.nftables.wire.NfTables.NFTA_DATA_VERDICT;
import static io.fairlead.netfilter.nftables.wire.NfTables.NFTA_VERDICT_CHAIN;
import static io.fairlead.netfilter.nftables.wire.NfTables.NFTA_VERDICT_CODE;

import io.fairlead.netfilter.netlink.AttributeCursor;
import io.fairlead.netfilter.netlink.Attributes;
import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Register;
import io.fairlead.netfilter.nftables.Value;
import io.fairlead.netfilter.nftables.Verdict;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The attributes of one object by type, as the kernel itself reads them: of two with the same type the last counts. Remembers
 * which have been asked for, so that those that nobody knows can be noticed.
 */
final class Fields {

    private final TreeMap<Integer, byte[]> unread = new TreeMap<>();
    private final TreeMap<Integer, byte[]> all = new TreeMap<>();
    private final String what;

    private Fields(String what) {
        this.what = what;
    }

    /** @param what the object, for errors */
    static Fields read(String what, AttributeCursor cursor) throws MalformedMessageException {
        var fields = new Fields(what);
        while (cursor.next()) {
            fields.all.put(cursor.type(), cursor.bytes());
        }
        fields.unread.putAll(fields.all);
        return fields;
    }

    static Fields read(String what, byte[] attributes) throws MalformedMessageException {
        return read(what, AttributeCursor.over(attributes, 0));
    }

    /** Whether all attributes that say something have been asked for; empty ones are padding. */
    boolean areAllRead() {
        return unread.values().stream().allMatch(value -> value.length == 0);
    }

    private Optional<byte[]> find(int type) {
        unread.remove(type);
        return Optional.ofNullable(all.get(type));
    }

    byte[] bytes(int type) throws MalformedMessageException {
        return find(type).orElseThrow(() -> new MalformedMessageException(what + " without attribute " + type));
    }

    boolean has(int type) {
        return all.containsKey(type);
    }

    private ByteBuffer number(int type, byte[] value, int length) throws MalformedMessageException {
        if (value.length != length) {
            throw malformed("attribute " + type + " has " + value.length + " bytes, not " + length);
        }
        return ByteBuffer.wrap(value);
    }

    MalformedMessageException malformed(String problem) {
        return new MalformedMessageException(what + ": " + problem);
    }

    int number(int type) throws MalformedMessageException {
        return number(type, bytes(type), Integer.BYTES).getInt();
    }

    int number(int type, int otherwise) throws MalformedMessageException {
        return has(type) ? number(type) : otherwise;
    }

    int unsignedByte(int type) throws MalformedMessageException {
        return number(type, bytes(type), Byte.BYTES).get() & 0xff;
    }

    int unsignedShort(int type) throws MalformedMessageException {
        return Short.toUnsignedInt(number(type, bytes(type), Short.BYTES).getShort());
    }

    long longNumber(int type) throws MalformedMessageException {
        return number(type, bytes(type), Long.BYTES).getLong();
    }

    long longNumber(int type, long otherwise) throws MalformedMessageException {
        return has(type) ? longNumber(type) : otherwise;
    }

    String text(int type) throws MalformedMessageException {
        return Attributes.text(bytes(type));
    }

    String text(int type, String otherwise) throws MalformedMessageException {
        return has(type) ? text(type) : otherwise;
    }

    /** The comment in userdata; empty when there is none. */
    String comment(int type) {
        return find(type)
                .map(Userdata::read)
                .map(userdata -> userdata.get(Userdata.COMMENT))
                .map(Userdata::text)
                .orElse("");
    }

    Optional<Fields> nested(int type) throws MalformedMessageException {
        var value = find(type);
        return value.isPresent() ? Optional.of(read(what + ", attribute " + type, value.get())) : Optional.empty();
    }

    AttributeCursor list(int type) throws MalformedMessageException {
        return AttributeCursor.over(has(type) ? bytes(type) : new byte[0], 0);
    }

    Register register(int type) throws MalformedMessageException {
        int number = number(type);
        try {
            return new Register(number);
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage() + ", in attribute " + type);
        }
    }

    Optional<Register> optionalRegister(int type) throws MalformedMessageException {
        return has(type) ? Optional.of(register(type)) : Optional.empty();
    }

    /** NFTA_DATA_VALUE inside an attribute. */
    Data data(int type) throws MalformedMessageException {
        if (value(type) instanceof Data data) {
            return data;
        }
        throw malformed("attribute " + type + " is a verdict, where there must be data");
    }

    /** What is inside an attribute: bytes or a verdict. */
    Value value(int type) throws MalformedMessageException {
        var inside = read(what + ", attribute " + type, bytes(type));
        if (inside.has(NFTA_DATA_VERDICT)) {
            return inside.verdict();
        }
        var data = Data.of(inside.bytes(NFTA_DATA_VALUE));
        if (data.length() > Data.MAX_LENGTH) {
            throw malformed(
                    "attribute " + type + " holds " + data.length() + " bytes of data, more than " + Data.MAX_LENGTH);
        }
        return data;
    }

    private Verdict verdict() throws MalformedMessageException {
        var verdict = read(what + ", verdict", bytes(NFTA_DATA_VERDICT));
        int code = verdict.number(NFTA_VERDICT_CODE);
        for (var plain : Verdict.Plain.values()) {
            if (plain.code() == code) {
                return plain;
            }
        }
        var chain = verdict.text(NFTA_VERDICT_CHAIN, "");
        var jump = new Verdict.Jump(chain);
        var goTo = new Verdict.Goto(chain);
        if (code == jump.code()) {
            return jump;
        }
        if (code == goTo.code()) {
            return goTo;
        }
        throw malformed("there is no verdict " + code);
    }
}
