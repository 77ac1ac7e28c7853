/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/anonymize/known_text.h"

#include <string.h>

#include "format/field.h"
#include "report/anonymize/pseudonym.h"

#define NUMBERS_MAX 3  /* of a version */
#define DIGITS_MAX  5  /* of one of its numbers */
#define COUNT_MAX   20 /* digits of 2^64 */

static const char digits[] = "0123456789";

static const char *const programs[] = {"tcplife-record", "tcplife-report", NULL};

/* What uname(2) calls them. */
static const char *const machines[] = {
    "x86_64",  "i386",   "i486",   "i586",        "i686",    "aarch64", "aarch64_be", "armv5tel",
    "armv6l",  "armv7l", "armv8l", "riscv32",     "riscv64", "ppc",     "ppcle",      "ppc64",
    "ppc64le", "s390",   "s390x",  "mips",        "mips64",  "parisc",  "parisc64",   "sparc",
    "sparc64", "alpha",  "m68k",   "loongarch64", NULL};

static const char *const hooks[] = {"tp_btf/inet_sock_set_state",
                                    "tp_btf/tcp_destroy_sock",
                                    "tracepoint/sock/inet_sock_set_state",
                                    "tracepoint/tcp/tcp_destroy_sock",
                                    "kprobe/inet_sk_set_state",
                                    "kprobe/inet_sk_state_store",
                                    "kprobe/tcp_v4_destroy_sock",
                                    "fexit/inet_csk_accept",
                                    "kretprobe/inet_csk_accept",
                                    "tp_btf/sock_send_length",
                                    "tp_btf/sock_recv_length",
                                    "iter/task_file",
                                    "iter/tcp",
                                    "map/ringbuf",
                                    "map/perf_event_array",
                                    "map/sk_storage",
                                    "map/hash",
                                    NULL};

static const char *const reasons[] = {"interrupted",   "terminated",      "duration",
                                      "count",         "rotated",         "snapshot",
                                      "command ended", "command not run", NULL};

static const char *const congestions[] = {
    "reno",   "cubic",      "bic",       "bbr",  "bbr1",     "bbr2",     "bbr3", "cdg",
    "dctcp",  "dctcp-reno", "highspeed", "htcp", "hybla",    "illinois", "lp",   "nv",
    "prague", "scalable",   "vegas",     "veno", "westwood", "yeah",     NULL};

/* Whether the `size` bytes are one of them. */
static bool is_one(const char *const *list, const char *text, size_t size)
{
    for (; *list; list++)
        if (strlen(*list) == size && !memcmp(*list, text, size))
            return true;
    return false;
}

/* Goes behind what the text begins with, if it does. */
static bool skip(const char **text, const char *begin)
{
    const size_t size = strlen(begin);

    if (strncmp(*text, begin, size) != 0)
        return false;
    *text += size;
    return true;
}

static bool is_hook(const char *text, size_t size)
{
    return is_one(hooks, text, size);
}

static bool is_owner(const char *text, size_t size)
{
    for (uint64_t i = 0; i < TLZ_OWNER_SOURCES; i++) {
        const char *name = tlz_enum_name(TLZ_ENUM_OWNER, i);

        if (strlen(name) == size && !memcmp(name, text, size))
            return true;
    }
    return false;
}

static bool is_field(const char *text, size_t size)
{
    return tlz_field_by_name(TLZ_SESSIONS, text, size) != TLZ_FIELD_COUNT;
}

/* Whether it is a list of such, with spaces between. */
static bool are_words(const char *text, bool (*is_word)(const char *, size_t))
{
    do {
        const size_t size = strcspn(text, " ");

        if (!is_word(text, size))
            return false;
        text += size;
    } while (skip(&text, " "));
    return true;
}

/* As pseudonym_name() makes them, with ", " between. */
static bool are_key_names(const char *text)
{
    do {
        if (strspn(text, "abcdefghijklmnopqrstuvwxyz234567") != PSEUDONYM_LETTERS)
            return false;
        text += PSEUDONYM_LETTERS;
    } while (skip(&text, ", "));
    return *text == '\0';
}

/* "2 damaged places" */
static bool skip_count(const char **text, const char *what)
{
    const size_t size = strspn(*text, digits);
    const char *behind = *text + size;

    if (size == 0 || size > COUNT_MAX || !skip(&behind, what))
        return false;
    (void)skip(&behind, "s");
    *text = behind;
    return true;
}

/* "what it was made from has no end, 1 damaged place, 2 missing blocks"; written_end.c puts it
 * there. */
static bool skip_flaws(const char **text)
{
    if (!skip(text, "what it was made from has "))
        return false;
    do
        if (!skip(text, "no end") && !skip_count(text, " damaged place") &&
            !skip_count(text, " missing block"))
            return false;
    while (skip(text, ", "));
    return true;
}

static bool is_reason(const char *text)
{
    size_t size = strcspn(text, ";");
    const char *behind = text;

    if (is_one(reasons, text, size))
        behind = text + size;
    else if (!skip_flaws(&behind))
        return false;
    while (skip(&behind, "; "))
        if (!skip_flaws(&behind))
            return false;
    return *behind == '\0';
}

bool known_text(enum tlz_meta_tag tag, const char *text, size_t size)
{
    if (strlen(text) != size)
        return false;
    switch (tag) {
    case TLZ_META_PROGRAM:
        return is_one(programs, text, size);
    case TLZ_META_MACHINE:
        return is_one(machines, text, size);
    case TLZ_META_HOOKS:
        return are_words(text, is_hook);
    case TLZ_META_OWNERS:
        return are_words(text, is_owner);
    case TLZ_META_FIELDS_NOT_KNOWN:
        return are_words(text, is_field);
    case TLZ_META_ANONYMIZED:
        return are_key_names(text);
    case TLZ_META_REASON:
        return is_reason(text);
    default:
        return false;
    }
}

size_t known_version(const char *text)
{
    size_t used = 0, at = 0;

    for (int i = 0; i < NUMBERS_MAX; i++) {
        const size_t size = strspn(text + at, digits);

        if (size == 0 || size > DIGITS_MAX)
            break;
        used = at + size;
        if (text[used] != '.')
            break;
        at = used + 1;
    }
    return used;
}

bool known_congestion(const char *name)
{
    return is_one(congestions, name, strlen(name));
}
