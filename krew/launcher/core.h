/* Starts vouch-core, for everything that is not a warm answer. */
#ifndef KUBECTL_VOUCH_CORE_H
#define KUBECTL_VOUCH_CORE_H

/*
 * Becomes the core next to this program's own file, with the same arguments, its own name as typed, and the environment without
 * variables that could inject code into the core. Returns only on failure, after reporting it: the exit status. Windows programs
 * cannot become another one: there it starts the core, waits for it, and returns its exit status.
 */
int become_core(char **argv);

#endif
