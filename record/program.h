/* SPDX-License-Identifier: BSD-2-Clause */
/* The BPF program in one of its forms: what is the same of them to who loads it. */
#ifndef RECORD_PROGRAM_H
#define RECORD_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"
#include "record/path_options.h"

struct bpf_map;
struct bpf_object;
struct bpf_object_skeleton;
struct bpf_program;

struct program {
    struct bpf_object *object;
    struct bpf_object_skeleton *skeleton;
    void *whole;                     /* the struct of the skeleton's own header */
    struct event_settings *settings; /* these three before it is loaded only */
    uint64_t *wanted_lports;
    uint64_t *wanted_rports;
    volatile struct table_state *state; /* NULL once loaded: the kernel maps it to nobody */
    volatile uint32_t *wakeup_sent;     /* NULL = of perf buffers there is none */
    size_t state_offset;                /* of table_state in its section */
};

/*
 * Opens the form that keeps sessions there and sends events that way. `btf` is a file with the
 * kernel's types, or NULL for the kernel's own. 0; or a negative errno, and then too
 * program_close() may follow.
 */
int program_open(struct program *ret, enum path_storage storage, enum path_transport transport,
                 const char *btf);

/* Each 0 or a negative errno. */
int program_load(struct program *p);
int program_attach(struct program *p);
void program_detach(struct program *p);

/* Frees it; a struct full of zeros is fine. */
void program_close(struct program *p);

/* A part of it by name; NULL = this form has none such. */
struct bpf_program *program_find(const struct program *p, const char *name);
struct bpf_map *program_map(const struct program *p, const char *name);

/* What the recorder says while it runs. Each 0 or a negative errno. */
int program_set_adopted(struct program *p);
int program_set_ending(struct program *p);
int program_set_asleep(struct program *p, uint64_t ns);

#endif
