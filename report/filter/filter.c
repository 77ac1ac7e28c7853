/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/filter.h"

#include <errno.h>
#include <string.h>

#include "report/filter/named_numbers.h"

#define UID_MAX_NUMBER UINT64_C(4294967294) /* the next means none */

void filter_close(struct filter *filter)
{
    number_list_free(&filter->pids);
    number_list_free(&filter->lports);
    number_list_free(&filter->rports);
    number_list_free(&filter->uids);
    filter_expressions_close(&filter->expressions);
}

int filter_copy(struct filter *ret, const struct filter *filter)
{
    *ret = *filter;
    return filter_expressions_copy(&ret->expressions, &filter->expressions);
}

void filter_close_copy(struct filter *copy)
{
    filter_expressions_close(&copy->expressions);
}

int filter_set_users(struct filter *filter, const char *text)
{
    struct number_list list;
    int r = parse_number_name_list(text, UID_MAX_NUMBER, &list);

    if (r < 0)
        return r;
    number_list_free(&filter->uids);
    filter->uids = list;
    filter->users = text;
    return 0;
}

static bool is_of_digits(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

/* 0 and *ret, which is 0 when the text is a name. */
static int parse_number_or_name(const char *text, uint64_t max, uint64_t *ret)
{
    int r;

    *ret = 0;
    if (!text[0])
        return -EINVAL;
    if (!is_of_digits(text))
        return 0;
    r = parse_number(text, max, ret);
    return r == 0 && *ret == 0 ? -ERANGE : r;
}

/* Behind the directory, when the text begins with it. */
static const char *skip_directory(const char *text, const char *directory)
{
    size_t size = strlen(directory);

    return strncmp(text, directory, size) != 0 || (text[size] && text[size] != '/') ? text
                                                                                    : text + size;
}

/* Captures have paths below the mount: what comes before them is left out, as the recorder does,
 * where it is one of those that systemd(1) mounts at. */
int filter_set_cgroup(struct filter *filter, const char *text)
{
    const char *path = skip_directory(text, "/sys/fs/cgroup/unified");
    uint64_t id;
    size_t size;
    int r = parse_number_or_name(text, UINT64_MAX, &id);

    if (r < 0)
        return r;
    if (path == text)
        path = skip_directory(text, "/sys/fs/cgroup");
    while (*path == '/')
        path++;
    size = strlen(path);
    while (size > 0 && path[size - 1] == '/')
        size--;
    filter->cgroup_id = id;
    filter->cgroup = id ? NULL : path;
    filter->cgroup_size = size;
    return 0;
}

/* Of a path the last part is the name. Those in /proc say nothing of another machine. */
int filter_set_netns(struct filter *filter, const char *text)
{
    const char *slash = strrchr(text, '/');
    const char *name = slash ? slash + 1 : text;
    uint64_t inode;
    int r = parse_number_or_name(text, UINT32_MAX, &inode);

    if (r < 0)
        return r;
    if (!name[0] || !strncmp(text, "/proc/", 6))
        return -EINVAL;
    filter->netns = inode;
    filter->netns_self = !strcmp(text, "self");
    filter->netns_name = inode || filter->netns_self ? NULL : name;
    return 0;
}

static bool filter_has_cgroup(const struct filter *filter)
{
    return filter->cgroup_id || filter->cgroup;
}

static bool filter_has_netns(const struct filter *filter)
{
    return filter->netns || filter->netns_name || filter->netns_self;
}

bool filter_is_active(const struct filter *filter)
{
    return filter->pids.count > 0 || filter->lports.count > 0 || filter->rports.count > 0 ||
           filter->family != 0 || filter->users || filter_has_cgroup(filter) ||
           filter_has_netns(filter) || filter->expressions.count > 0;
}

bool filter_has_names(const struct filter *filter)
{
    const char *list = filter->users;
    const char *word;
    size_t size;

    return filter_has_cgroup(filter) || filter->netns_name || filter->netns_self ||
           (list && list_next_name(&list, &word, &size));
}

/* In a change of state `pid` is whoever ran then. */
static enum tlz_field owner_pid(enum tlz_kind kind)
{
    return kind == TLZ_STATES ? TLZ_OWNER_PID : TLZ_PID;
}

void filter_add_fields(const struct filter *filter, enum tlz_kind kind, struct tlz_fieldset *fields)
{
    if (filter->pids.count > 0)
        tlz_fieldset_add(fields, owner_pid(kind));
    if (filter->lports.count > 0)
        tlz_fieldset_add(fields, TLZ_LPORT);
    if (filter->rports.count > 0)
        tlz_fieldset_add(fields, TLZ_RPORT);
    if (filter->family != 0)
        tlz_fieldset_add(fields, TLZ_FAMILY);
    if (filter->users)
        tlz_fieldset_add(fields, TLZ_UID);
    if (filter_has_cgroup(filter))
        tlz_fieldset_add(fields, TLZ_CGROUP);
    if (filter_has_netns(filter))
        tlz_fieldset_add(fields, TLZ_NETNS);
    filter_expressions_add_fields(&filter->expressions, kind, fields);
}

/* Rows of a batch that are still wanted. */
struct wanted {
    const struct tlz_batch *batch;
    uint32_t *rows;
    uint32_t count;
};

/* Keeps those whose field is in the list, or in the set, which may be NULL. */
static void keep(struct wanted *w, enum tlz_field field, const struct number_list *list,
                 const struct number_set *set)
{
    const uint64_t *values = w->batch->column[field].u;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < w->count; i++) {
        uint32_t row = w->rows[i];

        if (tlz_batch_has(w->batch, field, row) &&
            (number_list_has(list, values[row]) || (set && number_set_has(set, values[row]))))
            w->rows[kept++] = row;
    }
    w->count = kept;
}

static void keep_listed(struct wanted *w, enum tlz_field field, const struct number_list *list)
{
    if (list->count > 0)
        keep(w, field, list, NULL);
}

/* 0 = no number. */
static void keep_numbered(struct wanted *w, enum tlz_field field, uint64_t number,
                          const struct number_set *set)
{
    keep(w, field, &(struct number_list){.values = &number, .count = number != 0}, set);
}

static void keep_with_value(struct wanted *w, enum tlz_field field)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < w->count; i++)
        if (tlz_batch_has(w->batch, field, w->rows[i]))
            w->rows[kept++] = w->rows[i];
    w->count = kept;
}

/* Every group is within the root, those too that have no name. */
static void keep_cgroup(struct wanted *w, const struct filter *filter,
                        const struct source_numbers *names)
{
    bool is_root =
        filter->cgroup_id ? names->group && names->group_size == 0 : filter->cgroup_size == 0;

    if (is_root)
        keep_with_value(w, TLZ_CGROUP);
    else
        keep_numbered(w, TLZ_CGROUP, filter->cgroup_id, &names->cgroups);
}

uint32_t filter_apply(const struct filter *filter, const struct source_numbers *names,
                      const struct tlz_batch *batch, uint32_t *rows)
{
    struct wanted w = {.batch = batch, .rows = rows};

    w.count = filter_expressions_apply(&filter->expressions, batch, rows);
    if (filter->family)
        keep_numbered(&w, TLZ_FAMILY, filter->family, NULL);
    keep_listed(&w, TLZ_LPORT, &filter->lports);
    keep_listed(&w, TLZ_RPORT, &filter->rports);
    keep_listed(&w, owner_pid(batch->kind), &filter->pids);
    if (filter->users)
        keep(&w, TLZ_UID, &filter->uids, &names->uids);
    if (filter_has_cgroup(filter))
        keep_cgroup(&w, filter, names);
    if (filter_has_netns(filter))
        keep_numbered(&w, TLZ_NETNS, filter->netns_self ? names->own_netns : filter->netns,
                      &names->netns);
    return w.count;
}
