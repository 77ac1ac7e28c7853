/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/filter_named.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "util/message.h"

#define UID_MAX_NUMBER UINT64_C(4294967294) /* the next means none */

int filter_take_users(const char *text, struct record_options *o)
{
    struct number_list list;
    int r = parse_number_name_list(text, UID_MAX_NUMBER, &list);

    if (r == -ENOMEM) {
        message_error("--uid: %s", strerror(ENOMEM));
        return EXIT_FAILED;
    }
    if (r < 0)
        return message_usage("--uid wants users with commas between, their names or numbers up to "
                             "%" PRIu64 ", not '%s'",
                             UID_MAX_NUMBER, text);
    number_list_free(&o->uids);
    o->uids = list;
    o->users = text;
    return -1;
}

static bool is_of_digits(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

int filter_take_cgroup(const char *text, struct record_options *o)
{
    uint64_t id = 0;

    if (!text[0] || (is_of_digits(text) && (parse_number(text, UINT64_MAX, &id) < 0 || id == 0)))
        return message_usage("--cgroup wants a path or an id, not '%s'", text);
    o->cgroup = id;
    o->cgroup_path = id ? NULL : text;
    return -1;
}

int filter_take_netns(const char *text, struct record_options *o)
{
    uint64_t inode = 0;

    if (!text[0] ||
        (is_of_digits(text) && (parse_number(text, UINT32_MAX, &inode) < 0 || inode == 0)))
        return message_usage("--netns wants self, a path, a name, or an inode number, not '%s'",
                             text);
    o->netns = (uint32_t)inode;
    o->netns_name = inode ? NULL : text;
    return -1;
}

/* "-p 1,2", behind a space when something stands before it. */
static void add_list(struct joined_text *text, const char *option, const struct number_list *list)
{
    if (list->count > 0)
        joined_text_format(text, "%s%s ", text->size > 0 ? " " : "", option);
    for (size_t i = 0; i < list->count; i++)
        joined_text_format(text, "%s%" PRIu64, i ? "," : "", list->values[i]);
}

void options_filters_text(const struct record_options *options, struct joined_text *text)
{
    add_list(text, "-p", &options->pids);
    add_list(text, "-L", &options->lports);
    add_list(text, "-D", &options->rports);
    if (options->family)
        joined_text_format(text, "%s-%d", text->size > 0 ? " " : "", options->family);
    add_list(text, "-u", &options->uids);
    if (options->cgroup)
        joined_text_format(text, "%s--cgroup %" PRIu64, text->size > 0 ? " " : "", options->cgroup);
    if (options->netns)
        joined_text_format(text, "%s--netns %" PRIu32, text->size > 0 ? " " : "", options->netns);
}
