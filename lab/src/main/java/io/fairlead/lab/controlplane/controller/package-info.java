/**
 * The control loops of a cluster: each follows the store, keeps a queue of the objects that may need something, and brings
 * one at a time to what it should be. None keeps state that it could not read again.
 */
@NullMarked
package io.fairlead.lab.controlplane.controller;

import org.jspecify.annotations.NullMarked;
