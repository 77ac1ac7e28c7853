/* SPDX-License-Identifier: BSD-2-Clause */
/* A process beside the recorder, which ends with it. */
#ifndef RECORD_CHILD_PROCESS_H
#define RECORD_CHILD_PROCESS_H

/*
 * In a new process: `in` becomes standard input and `out` standard output; without it, and for
 * standard error, that is nowhere (out < 0). Nothing else stays open: who reads what the recorder
 * writes must see its end, and who waits for the recorder, its death. 0 or a negative errno.
 */
int child_process_keep(int in, int out);

#endif
