/**
 * An in-process server that speaks the Kubernetes API over HTTP or TLS: it stores any resource, lists in pages, watches
 * with bookmarks, forgets history when told to, and misbehaves on request. It is what the API source is tested against and
 * what the lab's control plane stands on.
 *
 * <p>{@link io.fairlead.lab.apiserver.ApiServer} is the way in. State lives in
 * {@link io.fairlead.lab.apiserver.ObjectStore}: one immutable {@link io.fairlead.lab.apiserver.StoreImage} at a time, plus
 * a bounded window of the changes that led to it. A request reads one image and never blocks a write. Faults are explicit:
 * {@link io.fairlead.lab.apiserver.Faults} for requests to come, {@link io.fairlead.lab.apiserver.Watches} for the watches
 * that run, {@link io.fairlead.lab.apiserver.ObjectStore#compact()} for forgotten history.
 *
 * <p>What a cluster adds is put in from outside: {@link io.fairlead.lab.apiserver.ObjectRules} for what happens to objects,
 * a schema for their fields, {@link io.fairlead.lab.apiserver.Table}s, {@link io.fairlead.lab.apiserver.PodLogs}.
 *
 * <p>Specified by https://kubernetes.io/docs/reference/using-api/api-concepts/. Not here: admission, RBAC, protobuf for
 * objects, commands in pods.
 */
@NullMarked
package io.fairlead.lab.apiserver;

import org.jspecify.annotations.NullMarked;
