/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>

#include "report/text/append.h"

#define COLUMNS_DEFAULT 80
#define COLUMNS_MIN     40 /* a smaller number is no width for a report */
#define MILLION         UINT64_C(1000000)

static bool names_utf8(const char *locale)
{
    for (; *locale; locale++)
        if (strncasecmp(locale, "UTF-8", 5) == 0 || strncasecmp(locale, "utf8", 4) == 0)
            return true;
    return false;
}

/* The name of the locale is asked and not the C library, which knows only those installed. */
static bool is_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *name = getenv(variables[i]);

        if (name && *name)
            return names_utf8(name);
    }
    return false;
}

void terminal_ask(struct terminal *ret, int fd)
{
    struct winsize size = {0};

    *ret = (struct terminal){.columns = COLUMNS_DEFAULT, .utf8 = is_utf8()};
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= COLUMNS_MIN)
        ret->columns = size.ws_col;
}

/* Blocks: U+2588 is a whole one, the seven behind it are less by an eighth each. */
static char *append_eighths(char *p, uint64_t eighths, size_t *width)
{
    for (; eighths >= 8; eighths -= 8, ++*width)
        p = append_bytes(p, "\xe2\x96\x88", 3);
    if (eighths == 0)
        return p;
    ++*width;
    p = append_bytes(p, "\xe2\x96", 2);
    return append_char(p, (char)(0x90 - eighths));
}

char *append_bar(char *p, uint64_t millionths, size_t columns, bool utf8, size_t *width)
{
    uint64_t parts = columns * (utf8 ? 8 : 1);
    uint64_t length = (millionths * parts + MILLION / 2) / MILLION;

    if (utf8)
        return append_eighths(p, length == 0 && millionths > 0 ? 1 : length, width);
    if (length == 0 && millionths > 0) {
        ++*width;
        return append_char(p, '.');
    }
    *width += length;
    memset(p, '#', length);
    return p + length;
}
