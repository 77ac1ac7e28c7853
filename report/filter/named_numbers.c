/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/named_numbers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/missing.h"

void named_numbers_close(struct named_numbers *numbers)
{
    for (size_t i = 0; i < numbers->count; i++) {
        number_set_free(&numbers->of[i].uids);
        number_set_free(&numbers->of[i].cgroups);
        number_set_free(&numbers->of[i].netns);
        free(numbers->of[i].group);
    }
    free(numbers->of);
    *numbers = (struct named_numbers){0};
}

const struct source_numbers *named_numbers_of(const struct named_numbers *numbers, uint32_t source)
{
    static const struct source_numbers none;

    return source < numbers->count ? &numbers->of[source] : &none;
}

/* Room for that source. NULL when memory is out. */
static struct source_numbers *make_source(struct named_numbers *numbers, uint32_t source)
{
    size_t count = source + source / 2 + 8;
    struct source_numbers *grown;

    if (source < numbers->count)
        return &numbers->of[source];
    grown = reallocarray(numbers->of, count, sizeof *grown);
    if (!grown)
        return NULL;
    memset(grown + numbers->count, 0, (count - numbers->count) * sizeof *grown);
    numbers->of = grown;
    numbers->count = count;
    return &grown[source];
}

static bool is_text(const char *text, size_t size, const char *other, size_t other_size)
{
    return size == other_size && !memcmp(text, other, size);
}

/* True for the group of that path, and those within. */
static bool is_within(const char *name, size_t size, const char *group, size_t group_size)
{
    return size >= group_size && !memcmp(name, group, group_size) &&
           (size == group_size || name[group_size] == '/');
}

static int learn_user(struct source_numbers *n, const struct filter *filter,
                      const struct tlz_name *name)
{
    const char *list = filter->users;
    const char *word;
    size_t size;

    while (list && list_next_name(&list, &word, &size))
        if (is_text(name->text, name->size, word, size))
            return number_set_add(&n->uids, name->id);
    return 0;
}

static int learn_netns(struct source_numbers *n, const struct filter *filter,
                       const struct tlz_name *name)
{
    const char *wanted = filter->netns_name;

    if (!wanted || !is_text(name->text, name->size, wanted, strlen(wanted)))
        return 0;
    return number_set_add(&n->netns, name->id);
}

/* The group that is wanted by its id got its path: which of those before are within? */
static int learn_group_of_id(struct source_numbers *n, const struct recording *recording,
                             const struct tlz_name *name)
{
    size_t size = name->size;
    int r = 0;

    while (size > 0 && name->text[size - 1] == '/')
        size--;
    n->group = malloc(size + 1);
    if (!n->group)
        return -ENOMEM;
    memcpy(n->group, name->text, size);
    n->group_size = size;
    for (size_t i = 0; r == 0 && i < recording->name_count; i++) {
        const struct kept_name *kept = &recording->names[i];

        if (kept->kind == TLZ_NAME_CGROUP && is_within(kept->text, kept->size, n->group, size))
            r = number_set_add(&n->cgroups, kept->id);
    }
    return r;
}

bool filter_has_path(const struct filter *filter, const char *path, size_t size)
{
    return filter->cgroup && size > 0 && path[0] == '/' &&
           is_within(path + 1, size - 1, filter->cgroup, filter->cgroup_size);
}

static int learn_group(struct source_numbers *n, const struct filter *filter,
                       const struct recording *recording, const struct tlz_name *name)
{
    if (filter->cgroup_id == name->id && filter->cgroup_id && !n->group)
        return learn_group_of_id(n, recording, name);
    if (n->group ? is_within(name->text, name->size, n->group, n->group_size)
                 : filter_has_path(filter, name->text, name->size))
        return number_set_add(&n->cgroups, name->id);
    return 0;
}

static int learn_name(struct source_numbers *n, const struct filter *filter,
                      const struct recording *recording, const struct tlz_name *name)
{
    switch (name->kind) {
    case TLZ_NAME_UID:
        return learn_user(n, filter, name);
    case TLZ_NAME_NETNS:
        return learn_netns(n, filter, name);
    case TLZ_NAME_CGROUP:
        return learn_group(n, filter, recording, name);
    }
    return 0;
}

uint64_t recording_own_netns(const struct capture *capture, const struct recording *recording)
{
    const struct tlz_metadata *source = recording->meta;
    uint64_t inode = 0;

    if (source && tlz_metadata_number(source, TLZ_META_OWN_NETNS, &inode))
        return inode;
    if (capture->file)
        (void)tlz_metadata_number(capture->file, TLZ_META_OWN_NETNS, &inode);
    return inode;
}

int named_numbers_learn(struct named_numbers *numbers, const struct filter *filter,
                        const struct fact *fact)
{
    struct source_numbers *n;

    if (!fact->recording || !fact->item || !filter_has_names(filter))
        return 0;
    if (fact->item->kind != TLZ_ITEM_NAME && fact->item->kind != TLZ_ITEM_SOURCE &&
        fact->item->kind != TLZ_ITEM_ROWS)
        return 0;
    n = make_source(numbers, fact->item->source);
    if (!n)
        return -ENOMEM;
    if (fact->item->kind == TLZ_ITEM_NAME)
        return learn_name(n, filter, fact->recording, &fact->item->name);
    n->own_netns = recording_own_netns(fact->capture, fact->recording);
    return 0;
}

/* Reads to the end, or to where something is wrong. */
static int learn_all(struct named_numbers *numbers, const struct filter *filter,
                     struct tlz_reader *reader, struct captures *scratch)
{
    struct tlz_item item;
    struct fact fact;
    int r = 0;

    tlz_reader_window(reader, 1, 0);
    while (r == 0 && tlz_reader_next(reader, &item) > 0) {
        r = captures_learn(scratch, &scratch->capture[0], &item, &fact);
        if (r == 0)
            r = named_numbers_learn(numbers, filter, &fact);
    }
    return r;
}

int named_numbers_read_ahead(struct named_numbers *numbers, const struct filter *filter,
                             const struct source_type *type, struct input *input)
{
    struct captures scratch = {0};
    struct tlz_reader *reader = NULL;
    struct tlz_input bytes;
    void *state;
    int r;

    if (!filter_has_names(filter) || type != &source_tlz || !input_is_file(input) || input->grows)
        return 0;
    if (type->open(&bytes, &state, input) < 0 || !bytes.read_at ||
        tlz_reader_open(&reader, &bytes) < 0)
        return 0;
    r = captures_open(&scratch, 1);
    if (r == 0)
        r = learn_all(numbers, filter, reader, &scratch);
    captures_close(&scratch);
    tlz_reader_free(reader);
    input->bytes = 0;
    return r;
}
