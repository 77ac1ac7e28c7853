/* SPDX-License-Identifier: BSD-2-Clause */
/* When the next file of a ring is due by time: --rotate-time and --align. */
#ifndef RECORD_ROTATION_H
#define RECORD_ROTATION_H

#include <stdbool.h>
#include <stdint.h>

struct rotation {
    int fd; /* a timer, readable when a file is due; -1 = none is by time */
    uint64_t every_us;
    bool is_aligned;  /* to multiples of every_us in UTC */
    uint64_t due_us;  /* Unix time; of an aligned one */
    uint64_t last_us; /* due_us of the file before; 0 = none was */
};

#define ROTATION_NONE ((struct rotation){.fd = -1})

/*
 * The least multiple of every_us that is later than now_us. Unix times, so a day's are midnights in
 * UTC. last_us is one that a file was begun at already: within a second before it, where a leap
 * second or a small step sets the clock back to, it is not due again.
 */
uint64_t rotation_next(uint64_t now_us, uint64_t every_us, uint64_t last_us);

/* Makes the timer and arms it. 0 or a negative errno. */
int rotation_open(struct rotation *ret, uint64_t every_us, bool is_aligned);

/* Begins a new interval: after a file was begun, for whatever reason. Without a timer it does
 * nothing. */
void rotation_arm(struct rotation *r);

/* After a step of the wall clock, of an aligned one: what is due is so still, or earlier. */
void rotation_step(struct rotation *r);

/* It went off: empties the timer. rotation_arm() follows once the file was begun. */
void rotation_take(struct rotation *r);

void rotation_close(struct rotation *r);

#endif
