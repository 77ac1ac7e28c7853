/* SPDX-License-Identifier: BSD-2-Clause */
/* Which way into this kernel a recording takes. */
#ifndef RECORD_KERNEL_PATH_H
#define RECORD_KERNEL_PATH_H

#include <stdbool.h>

#include "bpf/event.h"
#include "record/path_options.h"

struct btf;

#define PATH_TEXT_MAX 256

struct kernel_path {
    enum path_hooks hooks;
    enum path_transport transport;
    enum path_storage storage;
    uint32_t sessions;          /* of PATH_HASH */
    const char *btf;            /* of the options */
    struct event_layout layout; /* with PATH_TRACEPOINT */
};

/* Takes of each list what the options want, or the first that the kernel has. Whether it takes that
 * is seen when the program is loaded. */
void kernel_path_choose(const struct path_options *o, struct kernel_path *ret);

/* Why the kernel cannot have it, in a text; false when nothing is in the way that is known. */
bool kernel_path_lacks(const struct kernel_path *path, char ret[PATH_TEXT_MAX]);

/*
 * 0 when a program of that type (enum bpf_attach_type) may be attached to what the kernel's own
 * types (NULL = they cannot be read) call so (BTF_KIND_...): a program that does nothing is, for a
 * moment. What kernels refuse differs: loading it (a kernel without trampolines), or attaching it
 * (arm64 before Linux 6.4). Or a negative errno: -ENOENT when there is no such thing.
 */
int kernel_path_takes(const struct btf *btf, const char *type_name, unsigned kind, int attach_type);

#endif
