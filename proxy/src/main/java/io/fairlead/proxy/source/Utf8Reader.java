package io.fairlead.proxy.source;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 and knows in which line it was not; the JDK's reader only knows that it was not. */
final class Utf8Reader extends Reader {

    private final InputStream in;
    private final ByteBuffer bytes = ByteBuffer.allocate(16_384).flip();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private int line = 1;
    private boolean ended;

    Utf8Reader(InputStream in) {
        this.in = in;
    }

    @Override
    public int read(char[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        var chars = CharBuffer.wrap(target, from, length);
        while (true) {
            int before = chars.position();
            CoderResult result = decoder.decode(bytes, chars, ended);
            countLines(target, before, chars.position());
            if (result.isError()) {
                throw new CharConversionException("line " + line + ": invalid UTF-8; save the file as UTF-8");
            }
            if (chars.position() > from) {
                return chars.position() - from;
            }
            if (ended) {
                return -1;
            }
            if (result.isOverflow()) {
                // Room for half a surrogate pair only; nobody reads character by character here.
                throw new IOException("line " + line + ": a character outside the basic plane needs two chars");
            }
            fill();
        }
    }

    private void fill() throws IOException {
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (count < 0) {
            ended = true;
        } else {
            bytes.position(bytes.position() + count);
        }
        bytes.flip();
    }

    private void countLines(char[] chars, int from, int to) {
        for (int i = from; i < to; i++) {
            if (chars[i] == '\n') {
                line++;
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
