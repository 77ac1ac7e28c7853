/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/names.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/cgroup_path.h"
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
};

int names_open(struct names **ret)
{
    struct names *names = calloc(1, sizeof *names);

    if (!names)
        return -ENOMEM;
    names->cgroups = CGROUP_MOUNT_NONE;
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

/* From whatever nsswitch.conf(5) names. May wait for a network. */
static bool find_user(uint64_t uid, char *text, size_t size)
{
    char buffer[4096];
    struct passwd entry;
    struct passwd *found = NULL;

    if (getpwuid_r((uid_t)uid, &entry, buffer, sizeof buffer, &found) != 0 || !found)
        return false;
    return snprintf(text, size, "%s", found->pw_name) < (int)size;
}

static bool find_name(const struct names *names, const struct number *number, char *text,
                      size_t size)
{
    switch (number->kind) {
    case TLZ_NAME_UID:
        return find_local_user(number->id, text, size);
    case TLZ_NAME_NETNS:
        return netns_name(number->id, text, size);
    case TLZ_NAME_CGROUP:
        return cgroup_mount_path(&names->cgroups, number->id, text, size) == 0;
    }
    return false;
}

/* A group of which only groups within have sessions is known by its id, too. */
static int note_parent(struct names *names, const char *path)
{
    const char *slash = strrchr(path, '/');
    char parent[TLZ_NAME_MAX];
    uint64_t id;
    uint32_t level;

    if (!slash || !slash[1])
        return 0;
    snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path);
    if (cgroup_mount_find(&names->cgroups, parent, &id, &level) < 0)
        return 0;
    return note(names, TLZ_NAME_CGROUP, id);
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

    while (r == 0 && names->written_count < names->seen_count) {
        struct number *number = &names->seen[names->written_count];

        enum tlz_name_kind kind = number->kind; /* what follows may move them */

        if (find_name(names, number, text, sizeof text)) {
            r = write_name(number, text, writer, source);
            if (r == 0 && kind == TLZ_NAME_CGROUP)
                r = note_parent(names, text);
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
            find_user(number->id, text, sizeof text))
            r = write_name(number, text, writer, source);
    }
    return r;
}
