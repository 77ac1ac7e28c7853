/* SPDX-License-Identifier: BSD-2-Clause */
/* Why sessions and changes of state were lost, in the capture's words and in a person's. */
#ifndef RECORD_RECORDER_LOSS_H
#define RECORD_RECORDER_LOSS_H

#include "format/block.h"
#include "record/kernel.h"

/* What the kernel counts, and what could not be written. */
enum { RECORDER_LOSS_UNWRITTEN = KERNEL_LOSSES, RECORDER_LOSS_STATES_UNWRITTEN, RECORDER_LOSSES };

enum tlz_loss_cause loss_cause(int loss);
enum tlz_kind loss_kind(int loss);

/* Of one kind. */
uint64_t losses_sum(const uint64_t lost[RECORDER_LOSSES], enum tlz_kind kind);

/* Says each loss and what helps. Of what was not written nothing is said when that was an error
 * that was told. */
void losses_explain(const uint64_t lost[RECORDER_LOSSES], bool has_failed);

/* "17 sessions", and "and 40 changes of state" behind it where there are any. */
struct loss_text {
    char s[96];
};
struct loss_text loss_text(uint64_t sessions, uint64_t states);

#endif
