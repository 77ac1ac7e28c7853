/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/kernel_lists.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "session.skel.h"
#include "util/cleanup.h"

/* What the kernel hands out at most by one read (its buffer is of 8 pages; bpf_seq_read(),
 * kernel/bpf/bpf_iter.c, Linux 5.8 to 6.18). */
#define READ_EVENTS 128

static int take_nothing(void *context, const struct event *e)
{
    (void)context;
    (void)e;
    return 0;
}

/* Reads an iterator to its end. */
static int read_events(int fd, kernel_event_function *function, void *context)
{
    static struct event events[READ_EVENTS];

    for (;;) {
        ssize_t n = read(fd, events, sizeof events);

        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue; /* EAGAIN: a million objects were looked at */
        if (n <= 0)
            return n < 0 ? -errno : 0;
        /* The kernel's buffer holds whole events, and this one as many. */
        for (size_t i = 0; i < (size_t)n / sizeof *events; i++) {
            int r = function(context, &events[i]);

            if (r < 0)
                return r;
        }
    }
}

static int run_iterator(const struct bpf_program *program, kernel_event_function *function,
                        void *context)
{
    struct bpf_link *link = bpf_program__attach_iter(program, NULL);
    int fd;
    int r;

    if (!link)
        return -errno;
    fd = bpf_iter_create(bpf_link__fd(link));
    r = fd < 0 ? fd : read_events(fd, function, context);
    close_fd(&fd);
    bpf_link__destroy(link);
    return r;
}

int lists_adopt(const struct session_bpf *program)
{
    int r = run_iterator(program->progs.adopt_files, take_nothing, NULL);

    if (r == 0)
        r = run_iterator(program->progs.adopt_sockets, take_nothing, NULL);
    program->bss->table_state.adopted = 1;
    return r;
}

/* Maps an array map that the program may write, as the kernel does: pages long. */
static const void *map_array(const struct bpf_map *map, size_t *ret_size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (size_t)bpf_map__value_size(map) * bpf_map__max_entries(map);
    void *memory;

    *ret_size = (size + page - 1) / page * page;
    memory = mmap(NULL, *ret_size, PROT_READ, MAP_SHARED, bpf_map__fd(map), 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* Lists those places of the table that are taken; a place begins with the number that says so. */
static int list_places(const struct session_bpf *program, const char *table,
                       const struct event *listed, kernel_event_function *function, void *context,
                       uint64_t *gone)
{
    int fd = bpf_program__fd(program->progs.list_place);
    size_t size = bpf_map__value_size(program->maps.session_table);

    for (uint32_t i = 0; i < bpf_map__max_entries(program->maps.session_table); i++) {
        struct event_place place = {.index = i};
        LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = &place, .ctx_size_in = sizeof place);
        int r;

        if (!__atomic_load_n((const uint64_t *)(const void *)(table + i * size), __ATOMIC_RELAXED))
            continue;
        r = bpf_prog_test_run_opts(fd, &run);
        if (r == 0 && run.retval == EVENT_LISTED_SESSION)
            r = function(context, listed);
        *gone += r == 0 && run.retval == EVENT_LISTED_GONE;
        if (r < 0)
            return r;
    }
    return 0;
}

static int read_table(const struct session_bpf *program, kernel_event_function *function,
                      void *context, uint64_t *gone)
{
    size_t table_size;
    size_t listed_size;
    const void *table = map_array(program->maps.session_table, &table_size);
    const void *listed = map_array(program->maps.listed_event, &listed_size);
    int r = table && listed ? list_places(program, table, listed, function, context, gone) : -errno;

    if (table)
        munmap((void *)table, table_size);
    if (listed)
        munmap((void *)listed, listed_size);
    return r;
}

int lists_read(struct session_bpf *program, kernel_event_function *function, void *context,
               uint64_t *ret_gone, uint64_t *ret_unlisted)
{
    volatile struct table_state *state = &program->bss->table_state;
    int r;

    r = read_table(program, function, context, ret_gone);
    /* An iterator counts off what it has found. */
    if (r == 0 && state->stored)
        r = run_iterator(program->progs.list_files, function, context);
    if (r == 0 && state->stored)
        r = run_iterator(program->progs.list_sockets, function, context);
    if (r == 0)
        *ret_unlisted = state->stored;
    return r;
}
