/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/kernel_lists.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* One that is switched off has nothing to say. */
static int run_iterator(const struct program *program, const char *name,
                        kernel_event_function *function, void *context)
{
    const struct bpf_program *iterator = program_find(program, name);
    struct bpf_link *link;
    int fd;
    int r;

    if (!bpf_program__autoload(iterator))
        return 0;
    link = bpf_program__attach_iter(iterator, NULL);
    if (!link)
        return -errno;
    fd = bpf_iter_create(bpf_link__fd(link));
    r = fd < 0 ? fd : read_events(fd, function, context);
    close_fd(&fd);
    bpf_link__destroy(link);
    return r;
}

int lists_adopt(struct program *program)
{
    int r = run_iterator(program, "adopt_files", take_nothing, NULL);

    if (r == 0)
        r = run_iterator(program, "adopt_sockets", take_nothing, NULL);
    if (r < 0 || !bpf_program__autoload(program_find(program, "adopt_files")))
        return r; /* what is open was not looked for */
    return program_set_adopted(program);
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
static int list_places(const struct program *program, const char *table, const struct event *listed,
                       kernel_event_function *function, void *context, uint64_t *gone)
{
    const struct bpf_map *map = program_map(program, "session_table");
    int fd = bpf_program__fd(program_find(program, "list_place"));
    size_t size = bpf_map__value_size(map);

    for (uint32_t i = 0; i < bpf_map__max_entries(map); i++) {
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

static int read_table(const struct program *program, kernel_event_function *function, void *context,
                      uint64_t *gone)
{
    size_t table_size;
    size_t listed_size;
    const void *table = map_array(program_map(program, "session_table"), &table_size);
    const void *listed = map_array(program_map(program, "listed_event"), &listed_size);
    int r = table && listed ? list_places(program, table, listed, function, context, gone) : -errno;

    if (table)
        munmap((void *)table, table_size);
    if (listed)
        munmap((void *)listed, listed_size);
    return r;
}

static int read_storage(const struct program *program, kernel_event_function *function,
                        void *context, uint64_t *gone, uint64_t *unlisted)
{
    int r = read_table(program, function, context, gone);

    /* An iterator counts off what it has found. */
    if (r == 0 && program->state->stored)
        r = run_iterator(program, "list_files", function, context);
    if (r == 0 && program->state->stored)
        r = run_iterator(program, "list_sockets", function, context);
    if (r == 0)
        *unlisted = program->state->stored;
    return r;
}

/* Runs the program for the session by that address: enum event_listed and *ret, or a negative
 * errno.
 */
static int list_session(const struct program *program, uint64_t address, struct event *ret)
{
    LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = &address, .ctx_size_in = sizeof address);
    const struct bpf_map *listed = program_map(program, "listed_event");
    int r = bpf_prog_test_run_opts(bpf_program__fd(program_find(program, "list_session_by")), &run);
    uint32_t zero = 0;

    if (r == 0 && run.retval == EVENT_LISTED_SESSION)
        r = bpf_map__lookup_elem(listed, &zero, sizeof zero, ret, sizeof *ret, 0);
    return r < 0 ? r : (int)run.retval;
}

/* Of a kernel that runs no program at the end (before Linux 5.10): a session is there, and no more
 * is told. It is taken, so that it does not end any more. */
static int count_unlisted(const struct program *program, const struct bpf_map *sessions,
                          uint64_t address, uint64_t *unlisted)
{
    size_t size = bpf_map__value_size(sessions);
    _cleanup_(free_pointer) char *session = malloc(size);
    const struct event *e = (const void *)(session + sizeof(uint64_t)); /* behind the address */
    uint8_t one = 1;

    if (!session)
        return -ENOMEM;
    if (bpf_map__lookup_elem(sessions, &address, sizeof address, session, size, 0) == 0 &&
        !(e->flags & EVENT_LISTENER) &&
        bpf_map__update_elem(program_map(program, "taken_sessions"), &address, sizeof address, &one,
                             sizeof one, BPF_NOEXIST) == 0)
        ++*unlisted;
    return 0;
}

static int list_one(const struct program *program, const struct bpf_map *sessions, uint64_t address,
                    kernel_event_function *function, void *context, uint64_t *gone,
                    uint64_t *unlisted)
{
    struct event e;
    int r;

    if (!bpf_program__autoload(program_find(program, "list_session_by")))
        return count_unlisted(program, sessions, address, unlisted);
    r = list_session(program, address, &e);
    if (r == EVENT_LISTED_SESSION)
        return function(context, &e);
    *gone += r == EVENT_LISTED_GONE;
    return r < 0 ? r : 0;
}

/* One that ends meanwhile takes the place in the map with it: it is begun anew, and what was listed
 * is not listed again. */
static int read_hash(const struct program *program, kernel_event_function *function, void *context,
                     uint64_t *gone, uint64_t *unlisted)
{
    const struct bpf_map *sessions = program_map(program, "session_hash");
    uint64_t address;
    int r = bpf_map__get_next_key(sessions, NULL, &address, sizeof address);

    while (r == 0) {
        r = list_one(program, sessions, address, function, context, gone, unlisted);
        if (r == 0)
            r = bpf_map__get_next_key(sessions, &address, &address, sizeof address);
    }
    return r == -ENOENT ? 0 : r;
}

int lists_read(struct program *program, enum path_storage storage, kernel_event_function *function,
               void *context, uint64_t *ret_gone, uint64_t *ret_unlisted)
{
    return storage == PATH_SOCKET ? read_storage(program, function, context, ret_gone, ret_unlisted)
                                  : read_hash(program, function, context, ret_gone, ret_unlisted);
}
