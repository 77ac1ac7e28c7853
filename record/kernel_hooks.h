/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the BPF program this kernel can run. */
#ifndef RECORD_KERNEL_HOOKS_H
#define RECORD_KERNEL_HOOKS_H

#include "record/record_options.h"

struct btf;
struct session_bpf;

#define HOOKS_TEXT_MAX 256

/* The name of the program for the kernel's accept function, which has changed; NULL when it has
 * none, or one that is not known. btf is the kernel's. */
const char *hooks_accept_program(const struct btf *btf);

/*
 * Switches the optional programs of a skeleton that is open and not yet loaded on or off, by what
 * the kernel takes and `options` ask for, and names all that will be attached, with spaces between.
 */
void hooks_choose(struct session_bpf *program, const struct record_options *options,
                  char ret_names[HOOKS_TEXT_MAX]);

#endif
