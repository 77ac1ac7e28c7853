/* SPDX-License-Identifier: BSD-2-Clause */
/* Ctrl-C while the writer of a pipe is read. */
#ifndef REPORT_INTERRUPT_H
#define REPORT_INTERRUPT_H

/*
 * The first Ctrl-C goes to both ends of a pipe: the recorder finishes, and what it still sends is
 * shown. The second ends us at once.
 */
void interrupt_let_first_pass(void);

#endif
