/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers as descriptors, for epoll. */
#ifndef RECORD_TIMER_H
#define RECORD_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds of a clock that does not step, and counts while the machine sleeps. */
uint64_t timer_now_us(void);

/* A timer that goes off once after that time, or again and again: its descriptor, or a negative
 * errno. */
int timer_open(uint64_t us, bool again);

/* A timer that never goes off, but is cancelled when the wall clock is set: as above. */
int timer_open_step(void);

/* After a step: waits for the next one. */
void timer_arm_step(int fd);

/* Empties a timer. -ECANCELED after a step of the clock, else 0. */
int timer_read(int fd);

#endif
