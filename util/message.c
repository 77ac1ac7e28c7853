/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The longest message, in bytes before escaping; a longer one is cut and ends in "...". */
#define MESSAGE_MAX 8192

/* A line being made. Escaping makes four bytes of one. */
struct line {
    char text[4 * MESSAGE_MAX + 1024];
    size_t size;
};

static const char *program_name;
static bool quiet;

void message_init(const char *program)
{
    program_name = program;
}

void message_set_quiet(int value)
{
    quiet = value;
}

static const char *name(void)
{
    return program_name ? program_name : program_invocation_short_name;
}

/* The bytes of the UTF-8 sequence (RFC 3629) at s, or 0 when it is not valid. The NUL behind s
 * stops it. */
static size_t utf8_length(const unsigned char *s)
{
    /* The range of the second byte keeps out overlong forms, surrogates and what is over U+10FFFF.
     */
    unsigned char low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

    if (s[0] > 0xf4)
        return 0;
    if (length > 1 && (s[1] < low || s[1] > high))
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* C0 controls and DEL in one byte, C1 controls in two: a terminal obeys them. */
static bool is_control(const unsigned char *s)
{
    return s[0] < 0x20 || s[0] == 0x7f || (s[0] == 0xc2 && s[1] < 0xa0);
}

static void line_add_bytes(struct line *line, const void *bytes, size_t size)
{
    if (size > sizeof line->text - line->size)
        size = sizeof line->text - line->size;
    memcpy(line->text + line->size, bytes, size);
    line->size += size;
}

static void line_add_escaped(struct line *line, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    const char escape[] = {'\\', 'x', hex[byte >> 4], hex[byte & 15]};

    line_add_bytes(line, escape, sizeof escape);
}

/* Adds text that anybody may have chosen. */
static void line_add(struct line *line, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;

    while (*s) {
        size_t length = utf8_length(s);

        if (length == 0 || is_control(s)) {
            line_add_escaped(line, *s++);
            continue;
        }
        line_add_bytes(line, s, length);
        s += length;
    }
}

/* One write(2), so that lines of several programs do not mix; the rest again only when it was cut
 * short. */
static void line_write(const struct line *line)
{
    size_t done = 0;

    while (done < line->size) {
        ssize_t n = write(STDERR_FILENO, line->text + done, line->size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

/* Formats into text[MESSAGE_MAX]. */
static void format_text(char *text, const char *format, va_list arguments)
{
    int n = vsnprintf(text, MESSAGE_MAX, format, arguments);

    if (n < 0)
        strcpy(text, "(a message that cannot be formatted)");
    else if (n >= MESSAGE_MAX)
        strcpy(text + MESSAGE_MAX - 4, "...");
}

/* "PROGRAM: TEXT" */
static void line_begin(struct line *line, const char *format, va_list arguments)
{
    char text[MESSAGE_MAX];

    line->size = 0;
    format_text(text, format, arguments);
    line_add(line, name());
    line_add(line, ": ");
    line_add(line, text);
}

static void print(const char *format, va_list arguments)
{
    int saved = errno;
    struct line line;

    line_begin(&line, format, arguments);
    line_add_bytes(&line, "\n", 1);
    line_write(&line);
    errno = saved;
}

void message_error(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(format, arguments);
    va_end(arguments);
}

void message_warning(const char *format, ...)
{
    va_list arguments;

    if (quiet)
        return;
    va_start(arguments, format);
    print(format, arguments);
    va_end(arguments);
}

void message_notice(const char *format, ...)
{
    va_list arguments;

    if (quiet)
        return;
    va_start(arguments, format);
    print(format, arguments);
    va_end(arguments);
}

int message_usage(const char *format, ...)
{
    int saved = errno;
    struct line line;
    va_list arguments;

    va_start(arguments, format);
    line_begin(&line, format, arguments);
    va_end(arguments);
    line_add(&line, line.text[line.size - 1] == '.' ? " Try '" : ". Try '");
    line_add(&line, name());
    line_add(&line, " --help'.");
    line_add_bytes(&line, "\n", 1);
    line_write(&line);
    errno = saved;
    return EXIT_USAGE;
}
