/**
 * Which fields the API's objects have: read once from {@code fields.txt}, then used to decode what clients send
 * ({@link io.fairlead.lab.schema.Decoding}) and to describe it to them ({@link io.fairlead.lab.schema.OpenApi}).
 *
 * <p>Specified by the OpenAPI documents of Kubernetes 1.36. Only names and types: there are no descriptions, no defaults
 * and no value ranges here.
 */
@NullMarked
package io.fairlead.lab.schema;

import org.jspecify.annotations.NullMarked;
