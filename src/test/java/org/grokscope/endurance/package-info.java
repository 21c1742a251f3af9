/**
 * What the library has to survive: kills at any moment, disks without room, folders nobody may
 * write, two processes at one run, files and arguments made to harm, and many runs in one process.
 *
 * <p>{@code .ci/longer} runs a short edition, {@code mvn verify -Pendurance} the long one; both
 * print their counts. {@link org.grokscope.endurance.Edition} says how much each does.
 */
package org.grokscope.endurance;
