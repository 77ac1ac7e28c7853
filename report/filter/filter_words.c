/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/filter_words.h"

#include <string.h>

#include "report/filter/named_numbers.h"
#include "util/message.h"

/* Whether any recording of any capture is so. */
static bool any_recording(const struct captures *captures,
                          bool (*is_so)(const struct capture *capture, const struct recording *r,
                                        const void *context),
                          const void *context)
{
    for (size_t i = 0; i < captures->count; i++) {
        const struct capture *capture = &captures->capture[i];

        for (size_t j = 0; j < capture->recording_count; j++)
            if (is_so(capture, capture->recordings[j], context))
                return true;
    }
    return false;
}

struct word {
    enum tlz_name_kind kind;
    const char *text;
    size_t size;
};

static bool has_name(const struct capture *capture, const struct recording *r, const void *context)
{
    const struct word *word = context;

    (void)capture;
    for (size_t i = 0; i < r->name_count; i++) {
        const struct kept_name *name = &r->names[i];

        if (name->kind == word->kind && name->size == word->size &&
            !memcmp(name->text, word->text, word->size))
            return true;
    }
    return false;
}

static bool has_group_within(const struct capture *capture, const struct recording *r,
                             const void *context)
{
    (void)capture;
    for (size_t i = 0; i < r->name_count; i++) {
        const struct kept_name *name = &r->names[i];

        if (name->kind == TLZ_NAME_CGROUP && filter_has_path(context, name->text, name->size))
            return true;
    }
    return false;
}

static bool has_own_netns(const struct capture *capture, const struct recording *r,
                          const void *context)
{
    (void)context;
    return recording_own_netns(capture, r) != 0;
}

static void warn_of_users(const struct filter *filter, const struct captures *captures)
{
    const char *list = filter->users;
    struct word word = {.kind = TLZ_NAME_UID};

    while (list && list_next_name(&list, &word.text, &word.size))
        if (!any_recording(captures, has_name, &word))
            message_warning("--uid: no capture has a user with the name '%.*s'", (int)word.size,
                            word.text);
}

static void warn_of_netns(const struct filter *filter, const struct captures *captures)
{
    const struct word word = {.kind = TLZ_NAME_NETNS,
                              .text = filter->netns_name,
                              .size = filter->netns_name ? strlen(filter->netns_name) : 0};

    if (filter->netns_name && !any_recording(captures, has_name, &word))
        message_warning("--netns: no capture has a network namespace with the name '%s'",
                        filter->netns_name);
    if (filter->netns_self && !any_recording(captures, has_own_netns, NULL))
        message_warning("--netns self: no capture says what its recorder's namespace was");
}

void filter_warn_of_words(const struct filter *filter, const struct captures *captures)
{
    warn_of_users(filter, captures);
    warn_of_netns(filter, captures);
    if (filter->cgroup && filter->cgroup_size > 0 &&
        !any_recording(captures, has_group_within, filter))
        message_warning("--cgroup: no capture has a control group at or below '/%.*s'",
                        (int)filter->cgroup_size, filter->cgroup);
}
