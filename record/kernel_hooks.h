/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the BPF program this kernel can run. */
#ifndef RECORD_KERNEL_HOOKS_H
#define RECORD_KERNEL_HOOKS_H

#include "record/kernel_path.h"
#include "record/program.h"
#include "record/record_options.h"

#define HOOKS_TEXT_MAX 256

struct btf;

/* The programs of a path, by what they are for; NULL = it has none such. */
struct hooks_programs {
    const char *state[2]; /* of which all are needed */
    const char *and_state[2];
    const char *destroy;
};
const struct hooks_programs *hooks_programs(enum path_hooks hooks);

/* The name of the program for the kernel's accept function, which has changed; NULL when it has
 * none, or one that is not known. btf is the kernel's own, or NULL. */
const char *hooks_accept_program(enum path_hooks hooks, const struct btf *btf);

/* Whether the kernel runs a program of the recorder's when it is asked to (raw_tp; Linux 5.10). */
bool hooks_run_when_asked(void);

/*
 * Switches the programs of an object that is open and not yet loaded on or off, by the path, what
 * the kernel takes and what `options` ask for, and names all that will be attached, with spaces
 * between, and then the maps that the path is about.
 */
void hooks_choose(struct program *program, const struct kernel_path *path,
                  const struct record_options *options, char ret_names[HOOKS_TEXT_MAX]);

#endif
