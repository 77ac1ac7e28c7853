/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/codepoint.h"

/* The longest message, in bytes before escaping; a longer one is cut and ends in "...". */
#define MESSAGE_MAX 8192

/* Bytes of a text that are shown before a place in it, and from it on. */
#define AROUND_PLACE 40

/* A line being made. Escaping makes four bytes of one. */
struct line {
    char text[4 * MESSAGE_MAX + 1024];
    size_t size;
};

/* syslog(3)'s, which journald(8) takes from the begin of a line. */
enum { PRIORITY_ERROR = 3, PRIORITY_WARNING = 4, PRIORITY_NOTICE = 5 };

static const char *program_name;
static bool has_priorities;
static bool quiet;

/* The wrong mode for each, so that using it still fails, as it would with nothing there. */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", mode);
    }
}

/* Whether standard error is the stream that this variable tells of (systemd.exec(5)), and not a
 * file in its place. */
static bool is_journal(const char *stream)
{
    struct stat st;
    char text[64];

    if (!stream || fstat(STDERR_FILENO, &st) < 0)
        return false;
    snprintf(text, sizeof text, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return !strcmp(text, stream);
}

void message_init(const char *program)
{
    program_name = program;
    open_standard_descriptors();
    has_priorities = is_journal(getenv("JOURNAL_STREAM"));
}

void message_set_quiet(int value)
{
    quiet = value;
}

static const char *name(void)
{
#if HAVE_PROGRAM_INVOCATION_SHORT_NAME
    if (!program_name)
        return program_invocation_short_name;
#endif
    return program_name ? program_name : "program";
}

static void line_add_bytes(struct line *line, const void *bytes, size_t size)
{
    if (size > sizeof line->text - line->size)
        size = sizeof line->text - line->size;
    memcpy(line->text + line->size, bytes, size);
    line->size += size;
}

static void line_add_escaped_bytes(struct line *line, const uint8_t *bytes, size_t size)
{
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        const char escape[] = {'\\', 'x', hex[bytes[i] >> 4], hex[bytes[i] & 15]};

        line_add_bytes(line, escape, sizeof escape);
    }
}

/* Adds text that anybody may have chosen. Returns the columns that it takes on a terminal. */
static size_t line_add_text(struct line *line, const char *text, size_t size)
{
    const uint8_t *s = (const uint8_t *)text;
    const uint8_t *end = s + size;
    size_t width = 0;

    while (s < end) {
        uint32_t codepoint;
        size_t length = codepoint_decode(s, (size_t)(end - s), &codepoint);

        if (length && codepoint_is_printable(codepoint)) {
            line_add_bytes(line, s, length);
            width += codepoint_width(codepoint);
        } else {
            line_add_escaped_bytes(line, s, length ? length : 1);
            width += 4 * (length ? length : 1);
        }
        s += length ? length : 1;
    }
    return width;
}

static void line_add(struct line *line, const char *text)
{
    line_add_text(line, text, strlen(text));
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
__attribute__((format(printf, 2, 0))) static void format_text(char *text, const char *format,
                                                              va_list arguments)
{
    int n = vsnprintf(text, MESSAGE_MAX, format, arguments);

    if (n < 0)
        strcpy(text, "(a message that cannot be formatted)");
    else if (n >= MESSAGE_MAX)
        strcpy(text + MESSAGE_MAX - 4, "...");
}

/* "PROGRAM: TEXT" */
__attribute__((format(printf, 3, 0))) static void line_begin(struct line *line, int priority,
                                                             const char *format, va_list arguments)
{
    char text[MESSAGE_MAX];

    line->size = 0;
    if (has_priorities)
        line_add(line, (const char[]){'<', (char)('0' + priority), '>', '\0'});
    format_text(text, format, arguments);
    line_add(line, name());
    line_add(line, ": ");
    line_add(line, text);
}

__attribute__((format(printf, 2, 0))) static void print(int priority, const char *format,
                                                        va_list arguments)
{
    int saved = errno;
    struct line line;

    line_begin(&line, priority, format, arguments);
    line_add_bytes(&line, "\n", 1);
    line_write(&line);
    errno = saved;
}

void message_error(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(PRIORITY_ERROR, format, arguments);
    va_end(arguments);
}

void message_warning(const char *format, ...)
{
    va_list arguments;

    if (quiet)
        return;
    va_start(arguments, format);
    print(PRIORITY_WARNING, format, arguments);
    va_end(arguments);
}

void message_notice(const char *format, ...)
{
    va_list arguments;

    if (quiet)
        return;
    va_start(arguments, format);
    print(PRIORITY_NOTICE, format, arguments);
    va_end(arguments);
}

/* ... and where to find help. */
__attribute__((format(printf, 2, 0))) static void
line_begin_usage(struct line *line, const char *format, va_list arguments)
{
    line_begin(line, PRIORITY_ERROR, format, arguments);
    line_add(line, line->text[line->size - 1] == '.' ? " Try '" : ". Try '");
    line_add(line, name());
    line_add(line, " --help'.");
    line_add_bytes(line, "\n", 1);
}

int message_usage(const char *format, ...)
{
    int saved = errno;
    struct line line;
    va_list arguments;

    va_start(arguments, format);
    line_begin_usage(&line, format, arguments);
    va_end(arguments);
    line_write(&line);
    errno = saved;
    return EXIT_USAGE;
}

static void line_add_again(struct line *line, char c, size_t times)
{
    while (times-- > 0)
        line_add_bytes(line, &c, 1);
}

/* Not inside of a character. */
static size_t begin_of_character(const char *text, size_t at)
{
    while (at > 0 && (text[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* The text, or of a long one what is around the place; and the mark. */
static void line_add_place(struct line *line, const char *text, size_t at, size_t size)
{
    size_t end = strlen(text);
    size_t from = at > AROUND_PLACE ? begin_of_character(text, at - AROUND_PLACE) : 0;
    size_t to = end - at > AROUND_PLACE ? begin_of_character(text, at + AROUND_PLACE) : end;
    size_t marked = at + size < to ? size : to - at;
    size_t before, width;

    line_add(line, from > 0 ? "  ..." : "  ");
    before = line_add_text(line, text + from, at - from) + (from > 0 ? 5 : 2);
    width = line_add_text(line, text + at, marked);
    line_add_text(line, text + at + marked, to - at - marked);
    line_add(line, to < end ? "..." : "");
    line_add_bytes(line, "\n", 1);
    line_add_again(line, ' ', before);
    line_add_bytes(line, "^", 1);
    line_add_again(line, '~', width > 1 ? width - 1 : 0);
    line_add_bytes(line, "\n", 1);
}

int message_usage_at(const char *text, size_t at, size_t size, const char *format, ...)
{
    int saved = errno;
    struct line line;
    va_list arguments;

    va_start(arguments, format);
    line_begin_usage(&line, format, arguments);
    va_end(arguments);
    line_add_place(&line, text, at, size);
    line_write(&line);
    errno = saved;
    return EXIT_USAGE;
}
