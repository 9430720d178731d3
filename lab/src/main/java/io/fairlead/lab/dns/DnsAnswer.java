package io.fairlead.lab.dns;

import java.util.List;

/** What a zone says to a question. */
public record DnsAnswer(int code, List<DnsRecord> answers, List<DnsRecord> authority, List<DnsRecord> additional) {

    // RFC 1035, 4.1.1
    public static final int NO_ERROR = 0;
    public static final int FORMAT_ERROR = 1;
    public static final int NAME_ERROR = 3;
    public static final int NOT_IMPLEMENTED = 4;
    public static final int REFUSED = 5;

    public DnsAnswer {
        answers = List.copyOf(answers);
        authority = List.copyOf(authority);
        additional = List.copyOf(additional);
    }

    static DnsAnswer only(int code) {
        return new DnsAnswer(code, List.of(), List.of(), List.of());
    }

    /** The name exists; without records there is none of this type. */
    static DnsAnswer of(List<DnsRecord> answers, DnsName zone) {
        return new DnsAnswer(
                NO_ERROR, answers, answers.isEmpty() ? List.of(DnsRecord.soa(zone)) : List.of(), List.of());
    }

    static DnsAnswer noSuchName(DnsName zone) {
        return new DnsAnswer(NAME_ERROR, List.of(), List.of(DnsRecord.soa(zone)), List.of());
    }

    DnsAnswer with(List<DnsRecord> more) {
        return new DnsAnswer(code, answers, authority, more);
    }
}
