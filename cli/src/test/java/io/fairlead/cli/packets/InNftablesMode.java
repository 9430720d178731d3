package io.fairlead.cli.packets;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The lab of these tests runs in nftables mode. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface InNftablesMode {}
