/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/program.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "portable.skel.h"
#include "portable_perf.skel.h"
#include "session.skel.h"
#include "util/cleanup.h"

/* Opens one of the skeletons; they have the same globals, but for `wakeup`. */
#define OPEN(name, wakeup)                                                                         \
    do {                                                                                           \
        struct name *whole = name##__open_opts(&options);                                          \
                                                                                                   \
        if (!whole)                                                                                \
            return -errno;                                                                         \
        *ret = (struct program){                                                                   \
            .object = whole->obj,                                                                  \
            .skeleton = whole->skeleton,                                                           \
            .whole = whole,                                                                        \
            .settings = &whole->rodata->settings,                                                  \
            .wanted_lports = (uint64_t *)whole->bss->wanted_lports,                                \
            .wanted_rports = (uint64_t *)whole->bss->wanted_rports,                                \
            .state = &whole->bss->table_state,                                                     \
            .wakeup_sent = wakeup,                                                                 \
            .state_offset = offsetof(struct name##__bss, table_state),                             \
        };                                                                                         \
    } while (0)

int program_open(struct program *ret, enum path_storage storage, enum path_transport transport,
                 const char *btf)
{
    LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = btf);

    *ret = (struct program){.object = NULL};
    if (storage == PATH_SOCKET)
        OPEN(session_bpf, &whole->bss->wakeup_sent);
    else if (transport == PATH_RINGBUF)
        OPEN(portable_bpf, &whole->bss->wakeup_sent);
    else
        OPEN(portable_perf_bpf, NULL);
    return 0;
}

int program_load(struct program *p)
{
    int r = bpf_object__load_skeleton(p->skeleton);

    if (r < 0)
        return r;
    /* Before Linux 5.5 (libbpf then takes the flag away). */
    if (!(bpf_map__map_flags(program_map(p, ".bss")) & BPF_F_MMAPABLE))
        p->state = NULL;
    return 0;
}

int program_attach(struct program *p)
{
    return bpf_object__attach_skeleton(p->skeleton);
}

void program_detach(struct program *p)
{
    bpf_object__detach_skeleton(p->skeleton);
}

void program_close(struct program *p)
{
    if (p->whole)
        bpf_object__destroy_skeleton(p->skeleton);
    free(p->whole);
    *p = (struct program){.object = NULL};
}

struct bpf_program *program_find(const struct program *p, const char *name)
{
    return bpf_object__find_program_by_name(p->object, name);
}

struct bpf_map *program_map(const struct program *p, const char *name)
{
    return bpf_object__find_map_by_name(p->object, name);
}

typedef void set_function(volatile struct table_state *state, uint64_t value);

/* The whole section at once. That some session failed may be said meanwhile, and so is said. */
static int set_by_section(struct program *p, set_function *set, uint64_t value)
{
    const struct bpf_map *section = program_map(p, ".bss");
    size_t size = bpf_map__value_size(section);
    _cleanup_(free_pointer) char *copy = malloc(size);
    struct table_state *state = (void *)(copy + p->state_offset);
    uint32_t zero = 0;
    int r = copy ? bpf_map__lookup_elem(section, &zero, sizeof zero, copy, size, 0) : -ENOMEM;

    if (r < 0)
        return r;
    set(state, value);
    state->failed = 1;
    return bpf_map__update_elem(section, &zero, sizeof zero, copy, size, BPF_ANY);
}

static int set_state(struct program *p, set_function *set, uint64_t value)
{
    if (!p->state)
        return set_by_section(p, set, value);
    set(p->state, value);
    return 0;
}

static void set_adopted(volatile struct table_state *state, uint64_t value)
{
    state->adopted = (uint32_t)value;
}

static void set_ending(volatile struct table_state *state, uint64_t value)
{
    state->ending = (uint32_t)value;
}

static void set_asleep(volatile struct table_state *state, uint64_t value)
{
    state->asleep_ns = value;
}

int program_set_adopted(struct program *p)
{
    return set_state(p, set_adopted, 1);
}

int program_set_ending(struct program *p)
{
    return set_state(p, set_ending, 1);
}

int program_set_asleep(struct program *p, uint64_t ns)
{
    return set_state(p, set_asleep, ns);
}
