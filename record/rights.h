/* SPDX-License-Identifier: BSD-2-Clause */
/* What this process and this kernel lack for loading a BPF program. */
#ifndef RECORD_RIGHTS_H
#define RECORD_RIGHTS_H

/*
 * Says on standard error each thing that is found to be missing, and what to do about it. `error`
 * is the negative errno with which the kernel refused. Returns how many things were found; with 0
 * the caller says what it knows itself.
 */
int rights_explain(int error);

#endif
