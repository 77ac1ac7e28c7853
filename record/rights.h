/* SPDX-License-Identifier: BSD-2-Clause */
/* What this process and this kernel lack for loading a BPF program. */
#ifndef RECORD_RIGHTS_H
#define RECORD_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the kernel says of its types. */
#define RIGHTS_BTF_FILE "/sys/kernel/btf/vmlinux"

/* Whether this process has that capability (CAP_BPF); true when that cannot be found out. */
bool rights_has(int capability);

/* What rights_suspend() took. */
struct rights {
    uint32_t effective[2];
};

/* This process has no capability in effect until rights_resume(). 0 or a negative errno. */
int rights_suspend(struct rights *ret);
void rights_resume(const struct rights *rights);

/* The kernel's lockdown mode: "none", "integrity", "confidentiality". False when it does not say
 * so. */
bool rights_lockdown(char *ret, size_t size);

/*
 * Says on standard error each thing that is found to be missing, and what to do about it. `error`
 * is the negative errno with which the kernel refused; `btf` a file that has the kernel's types for
 * it, or NULL. Returns how many things were found; with 0
 * the caller says what it knows itself.
 */
int rights_explain(int error, const char *btf);

#endif
