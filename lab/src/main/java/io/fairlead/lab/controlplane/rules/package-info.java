/**
 * What the API server of a cluster does to objects before it stores them: defaults, validation with the API's own errors,
 * allocation of cluster IPs and node ports, graceful deletion.
 *
 * <p>{@link io.fairlead.lab.controlplane.rules.ClusterRules} is the way in. Specified by the API reference of Kubernetes
 * 1.36; the wording of errors is part of what a user knows.
 */
@NullMarked
package io.fairlead.lab.controlplane.rules;

import org.jspecify.annotations.NullMarked;
