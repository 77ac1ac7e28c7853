/* SPDX-License-Identifier: BSD-2-Clause */
/* The sessions that are open when the recording starts, and when it ends. */
#ifndef RECORD_KERNEL_LISTS_H
#define RECORD_KERNEL_LISTS_H

#include "record/kernel.h"
#include "record/program.h"

/*
 * Makes the program know the sockets that processes have open, and their processes. It must be
 * attached already: then nothing is missed between. 0 or a negative errno.
 */
int lists_adopt(struct program *program);

/*
 * As kernel_list_open(), when `ending` is set and seen by every program. *ret_gone: sessions that
 * were found to have ended unseen; *ret_unlisted: those in socket storage that no process has open,
 * and that are in another network namespace; or all, where the kernel lists none of a hash map.
 */
int lists_read(struct program *program, enum path_storage storage, kernel_event_function *function,
               void *context, uint64_t *ret_gone, uint64_t *ret_unlisted);

#endif
