package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/** A short name for a pod template. */
final class TemplateHash {

    // The letters of generated names.
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private TemplateHash() {}

    /** @param salt tells apart what would collide */
    static String of(JsonNode template, int salt) {
        // FNV-1a, 32 bits.
        int hash = 0x811c9dc5;
        for (byte b : (salt + template.toString()).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xff) * 0x01000193;
        }
        var name = new StringBuilder();
        for (char digit : Integer.toUnsignedString(hash).toCharArray()) {
            name.append(LETTERS.charAt(digit % LETTERS.length()));
        }
        return name.toString();
    }
}
