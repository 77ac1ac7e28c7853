/* SPDX-License-Identifier: BSD-2-Clause */
/* What the recorder says of its progress: the status line on a terminal, a file that cannot be
 * written, and the closing line. */
#ifndef RECORD_STATUS_H
#define RECORD_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "format/writer.h"
#include "record/destination.h"

struct status {
    bool is_shown; /* a status line stands on the terminal */
    uint64_t start_us;
    uint64_t last_us;
    uint64_t last_sessions;
    bool has_said_trouble; /* and not yet that it is over */
    uint64_t trouble_us;   /* when it was said last; 0 = never */
};

/* now_us: any clock that does not step, in microseconds; the same one later. */
void status_start(struct status *s, uint64_t now_us);

/*
 * Draws the line: time since the start, sessions (those not yet written included), sessions a
 * second since the line was drawn last, bytes, losses.
 */
void status_show(struct status *s, uint64_t now_us, const struct tlz_writer_stats *stats);

/*
 * Says that the file cannot be written, and that it is again, with the sessions lost by that since
 * the start. Of several troubles in a minute only the first is said.
 */
void status_trouble(struct status *s, uint64_t now_us, const struct destination *file,
                    uint64_t lost);

/* "20000 sessions, 196000 changes of state, 2031 KB, nothing lost", without what there is none of.
 */
struct status_text {
    char s[512];
};
struct status_text status_summary(const struct tlz_writer_stats *stats);

/* Removes the line. Call it before a message. */
void status_clear(struct status *s);

/*
 * "cap.tlz: 20000 sessions, 312 KB, 15.6 bytes a session, nothing lost"; or "17 LOST", and
 * "incomplete" without is_complete, after an error. With changes of state: "cap.tlz: 20000
 * sessions, 196000 changes of state, 2031 KB, 17 sessions and 40 changes of state LOST".
 */
void status_close(struct status *s, const char *path, const struct tlz_writer_stats *stats,
                  bool is_complete);

#endif
