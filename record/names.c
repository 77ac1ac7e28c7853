/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/names.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/cgroup_tree.h"
#include "record/name_service.h"
#include "record/netns_path.h"
#include "util/cleanup.h"

/* Past so many numbers no more are looked up: a bound on memory. */
#define NUMBERS_MAX 65536u

#define SLOTS_MIN 256u

struct number {
    enum tlz_name_kind kind; /* 0 = a free slot */
    uint64_t id;
    bool has_name; /* it is in the capture */
};

struct names {
    struct number *slots; /* hash table of all numbers seen */
    uint32_t slot_count;  /* a power of two */
    struct number *seen;  /* in the order of first sight */
    uint32_t seen_count;
    uint32_t written_count; /* of `seen`, looked up by names_write() */
    struct cgroup_mount cgroups;
    struct cgroup_tree groups;
    bool has_new_groups;    /* read in this turn */
    uint32_t initial_netns; /* inode number; 0 = not known */
    const struct name_service *service;
};

int names_open(struct names **ret, uint32_t initial_netns, const struct name_service *service)
{
    struct names *names = calloc(1, sizeof *names);

    if (!names)
        return -ENOMEM;
    names->cgroups = CGROUP_MOUNT_NONE;
    names->initial_netns = initial_netns;
    names->service = service;
    names->slot_count = SLOTS_MIN;
    names->slots = calloc(SLOTS_MIN, sizeof *names->slots);
    names->seen = calloc(SLOTS_MIN / 2, sizeof *names->seen);
    if (!names->slots || !names->seen) {
        names_free(names);
        return -ENOMEM;
    }
    (void)cgroup_mount_open(&names->cgroups); /* without it, groups have no names */
    *ret = names;
    return 0;
}

struct names *names_free(struct names *names)
{
    if (!names)
        return NULL;
    cgroup_mount_close(&names->cgroups);
    cgroup_tree_free(&names->groups);
    free(names->slots);
    free(names->seen);
    free(names);
    return NULL;
}

/* The slot of the number, or the free slot where it belongs. */
static struct number *find_slot(struct number *slots, uint32_t slot_count, enum tlz_name_kind kind,
                                uint64_t id)
{
    uint64_t hash = (id * 4 + kind) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t i = (uint32_t)(hash >> 32) & (slot_count - 1);

    while (slots[i].kind && (slots[i].kind != kind || slots[i].id != id))
        i = (i + 1) & (slot_count - 1);
    return &slots[i];
}

/* Doubles the table, which is kept at most half full, and the list. */
static int grow(struct names *names)
{
    uint32_t slot_count = names->slot_count * 2;
    struct number *slots = calloc(slot_count, sizeof *slots);
    struct number *seen = realloc(names->seen, slot_count / 2 * sizeof *seen);

    if (seen)
        names->seen = seen;
    if (!slots || !seen) {
        free(slots);
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < names->seen_count; i++)
        *find_slot(slots, slot_count, seen[i].kind, seen[i].id) = seen[i];
    free(names->slots);
    names->slots = slots;
    names->slot_count = slot_count;
    return 0;
}

static int note(struct names *names, enum tlz_name_kind kind, uint64_t id)
{
    struct number *slot = find_slot(names->slots, names->slot_count, kind, id);

    if (slot->kind || names->seen_count == NUMBERS_MAX)
        return 0;
    if (names->seen_count == names->slot_count / 2) {
        int r = grow(names);

        if (r < 0)
            return r;
        slot = find_slot(names->slots, names->slot_count, kind, id);
    }
    *slot = (struct number){.kind = kind, .id = id};
    names->seen[names->seen_count++] = *slot;
    return 0;
}

bool names_are_many(const struct names *names)
{
    return names->seen_count >= NUMBERS_MAX / 4;
}

int names_note(struct names *names, const struct tlz_row *row)
{
    static const struct {
        enum tlz_name_kind kind;
        enum tlz_field field;
    } named[] = {
        {TLZ_NAME_UID, TLZ_UID}, {TLZ_NAME_CGROUP, TLZ_CGROUP}, {TLZ_NAME_NETNS, TLZ_NETNS}};

    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        int r = tlz_row_has(row, named[i].field)
                    ? note(names, named[i].kind, row->value[named[i].field].u)
                    : 0;

        if (r < 0)
            return r;
    }
    return 0;
}

/* From /etc/passwd. */
static bool find_local_user(uint64_t uid, char *text, size_t size)
{
    FILE *f = fopen("/etc/passwd", "re");
    struct passwd *entry;
    bool found = false;

    while (f && !found && (entry = fgetpwent(f)))
        found = entry->pw_uid == uid && snprintf(text, size, "%s", entry->pw_name) < (int)size;
    if (f)
        fclose(f);
    return found;
}

/* Groups come and go: they are read anew for one that is not known, but once a turn. */
static const struct cgroup_node *find_group(struct names *names, uint64_t id)
{
    const struct cgroup_node *node = cgroup_tree_find(&names->groups, id);

    if (!node && !names->has_new_groups) {
        (void)cgroup_tree_read(&names->groups, &names->cgroups);
        names->has_new_groups = true;
        node = cgroup_tree_find(&names->groups, id);
    }
    return node;
}

static bool find_group_name(struct names *names, uint64_t id, char *text, size_t size)
{
    const struct cgroup_node *node = find_group(names, id);

    return node && snprintf(text, size, "%s", node->path) < (int)size;
}

static bool find_name(struct names *names, const struct number *number, char *text, size_t size)
{
    switch (number->kind) {
    case TLZ_NAME_UID:
        return find_local_user(number->id, text, size);
    case TLZ_NAME_NETNS:
        return netns_name(number->id, names->initial_netns, text, size);
    case TLZ_NAME_CGROUP:
        return find_group_name(names, number->id, text, size);
    }
    return false;
}

/* A group of which only groups within have sessions is known by its id, too. */
static int note_parent(struct names *names, uint64_t id)
{
    const struct cgroup_node *node = cgroup_tree_find(&names->groups, id);

    return node ? note(names, TLZ_NAME_CGROUP, node->parent) : 0;
}

static int write_name(struct number *number, const char *text, struct tlz_writer *writer,
                      uint32_t source)
{
    struct tlz_name name = {
        .kind = number->kind, .id = number->id, .text = text, .size = strlen(text)};

    int r = tlz_writer_add_name_before(writer, source, &name);

    number->has_name = r == 0;
    return r;
}

int names_write(struct names *names, struct tlz_writer *writer, uint32_t source)
{
    char text[TLZ_NAME_MAX];
    int r = 0;

    names->has_new_groups = false;
    while (r == 0 && names->written_count < names->seen_count) {
        struct number *number = &names->seen[names->written_count];

        const struct number this = *number; /* what follows may move them */

        if (find_name(names, number, text, sizeof text)) {
            r = write_name(number, text, writer, source);
            if (r == 0 && this.kind == TLZ_NAME_CGROUP)
                r = note_parent(names, this.id);
        }
        names->written_count += r == 0;
    }
    return r;
}

int names_finish(struct names *names, struct tlz_writer *writer, uint32_t source)
{
    char text[TLZ_NAME_MAX];
    int r = names_write(names, writer, source);

    for (uint32_t i = 0; r == 0 && i < names->seen_count; i++) {
        struct number *number = &names->seen[i];

        if (number->kind == TLZ_NAME_UID && !number->has_name &&
            name_service_find(names->service, (uint32_t)number->id, text, sizeof text))
            r = write_name(number, text, writer, source);
    }
    return r;
}
