/* SPDX-License-Identifier: BSD-2-Clause */
/* For the loop's own files: what happens to it. */
#ifndef RECORD_LOOP_PARTS_H
#define RECORD_LOOP_PARTS_H

/* What an event of epoll is about. */
enum loop_happening { RING, SIGNAL, FLUSH, DURATION, STEP, STATUS, COMMAND, PIPE, ROTATE, ALIVE };

/* The destination_wait_function of a recording; context is the loop. */
int loop_wait_for_reader(void *context, int fd);

#endif
