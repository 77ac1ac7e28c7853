/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz_message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "util/message.h"

unsigned int fuzz_errors;

__attribute__((format(printf, 1, 0))) static void drop(const char *format, va_list arguments)
{
    char text[512];

    assert(vsnprintf(text, sizeof text, format, arguments) >= 0);
}

void message_init(const char *program)
{
    (void)program;
}

void message_set_quiet(int quiet)
{
    (void)quiet;
}

#define DEFINE_MESSAGE(type, name, result)                                                         \
    type name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list arguments;                                                                         \
                                                                                                   \
        va_start(arguments, format);                                                               \
        drop(format, arguments);                                                                   \
        va_end(arguments);                                                                         \
        result;                                                                                    \
    }
DEFINE_MESSAGE(void, message_error, fuzz_errors++)
DEFINE_MESSAGE(void, message_warning, return )
DEFINE_MESSAGE(void, message_notice, return )
DEFINE_MESSAGE(int, message_usage, fuzz_errors++; return EXIT_USAGE)

int message_usage_at(const char *text, size_t at, size_t size, const char *format, ...)
{
    va_list arguments;

    assert(at <= strlen(text) && size <= strlen(text) - at);
    va_start(arguments, format);
    drop(format, arguments);
    va_end(arguments);
    fuzz_errors++;
    return EXIT_USAGE;
}
