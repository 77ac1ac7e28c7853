/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/host.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "record/hook_facts.h"
#include "record/netns_path.h"
#include "record/small_file.h"
#include "util/cleanup.h"
#include "util/joined_text.h"

#define ZONEINFO "/zoneinfo/"

void host_congestion(char ret[16])
{
    memset(ret, 0, 16);
    (void)small_file_line("/proc/sys/net/ipv4/tcp_congestion_control", ret, 16);
}

/* "Europe/Berlin": from TZ, the link /etc/localtime, or Debian's /etc/timezone. */
static bool find_zone(char *zone, size_t size)
{
    const char *environment = getenv("TZ");
    char target[PATH_MAX];
    const char *name;
    ssize_t n;

    if (environment && environment[0]) {
        snprintf(zone, size, "%s", environment + (environment[0] == ':'));
        return true;
    }
    n = readlink("/etc/localtime", target, sizeof target - 1);
    target[n < 0 ? 0 : n] = '\0';
    name = strstr(target, ZONEINFO);
    if (name) {
        snprintf(zone, size, "%s", name + strlen(ZONEINFO));
        return true;
    }
    return small_file_line("/etc/timezone", zone, size);
}

static bool is_plain(const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:@%";

    return word[0] && word[strspn(word, plain)] == '\0';
}

/* A word as a shell would take it. */
static void add_word(struct joined_text *text, const char *word)
{
    if (is_plain(word)) {
        joined_text_add(text, word);
        return;
    }
    joined_text_add(text, "'");
    for (; *word; word++)
        joined_text_add(text, *word == '\'' ? "'\\''" : (char[]){*word, '\0'});
    joined_text_add(text, "'");
}

static int set_command_line(struct tlz_metadata *meta, char *const *argv)
{
    _cleanup_(joined_text_free) struct joined_text text = {0};

    for (int i = 0; argv[i]; i++) {
        joined_text_add(&text, i ? " " : "");
        add_word(&text, argv[i]);
    }
    if (!joined_text_whole(&text))
        return -ENOMEM;
    return tlz_metadata_set_text(meta, TLZ_META_COMMAND_LINE, joined_text_whole(&text));
}

/* Sets a text unless an error came before or there is none. */
static void set_text(struct tlz_metadata *meta, enum tlz_meta_tag tag, const char *text, int *error)
{
    if (*error == 0 && text && text[0])
        *error = tlz_metadata_set_text(meta, tag, text);
}

static void set_number(struct tlz_metadata *meta, enum tlz_meta_tag tag, uint64_t number,
                       int *error)
{
    if (*error == 0)
        *error = tlz_metadata_set_number(meta, tag, number);
}

int host_describe_file(const struct host_facts *facts, struct tlz_metadata *ret)
{
    int error = tlz_metadata_set_id(ret, facts->capture_id);

    set_text(ret, TLZ_META_PROGRAM, HOST_PROGRAM, &error);
    set_text(ret, TLZ_META_VERSION, PROGRAM_VERSION, &error);
    set_number(ret, TLZ_META_CREATED_US, facts->created_us, &error);
    return error < 0 ? error : set_command_line(ret, facts->argv);
}

static int describe_host(struct tlz_metadata *ret)
{
    struct utsname name;
    char text[256];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int error = 0;

    if (uname(&name) == 0) {
        set_text(ret, TLZ_META_HOST, name.nodename, &error);
        set_text(ret, TLZ_META_KERNEL, name.release, &error);
        set_text(ret, TLZ_META_MACHINE, name.machine, &error);
    }
    if (small_file_line("/proc/sys/kernel/random/boot_id", text, sizeof text))
        set_text(ret, TLZ_META_BOOT_ID, text, &error);
    if (find_zone(text, sizeof text))
        set_text(ret, TLZ_META_TIME_ZONE, text, &error);
    if (processors > 0)
        set_number(ret, TLZ_META_PROCESSORS, (uint64_t)processors, &error);
    if (netns_self())
        set_number(ret, TLZ_META_OWN_NETNS, netns_self(), &error);
    return error;
}

/* They, and what follows from them. */
static void set_hooks(struct tlz_metadata *ret, const char *hooks, int *error)
{
    char text[HOOK_FACTS_TEXT_MAX];

    set_text(ret, TLZ_META_HOOKS, hooks, error);
    hook_facts_owners(hooks, text);
    set_text(ret, TLZ_META_OWNERS, text, error);
    hook_facts_unknown_fields(hooks, text);
    if (text[0])
        set_text(ret, TLZ_META_FIELDS_NOT_KNOWN, text, error);
}

int host_describe_source(const struct host_facts *facts, struct tlz_metadata *ret)
{
    _cleanup_(joined_text_free) struct joined_text filters = {0};
    int error = host_describe_file(facts, ret);

    if (error == 0)
        error = describe_host(ret);
    options_filters_text(facts->options, &filters);
    if (error == 0 && !joined_text_whole(&filters))
        error = -ENOMEM;
    set_text(ret, TLZ_META_FILTERS, filters.bytes, &error);
    set_hooks(ret, facts->hooks, &error);
    set_text(ret, TLZ_META_RIGHTS, facts->options->rights, &error);
    set_text(ret, TLZ_META_NOTE, facts->options->note, &error);
    set_number(ret, TLZ_META_FLUSH_US, facts->options->flush_us, &error);
    set_number(ret, TLZ_META_RING_BYTES, facts->options->ring_bytes, &error);
    return error;
}
