/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/option_prints.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "format/block.h"
#include "report/confine/confine.h"
#include "report/schema/schema.h"
#include "util/message.h"

/* What was printed is not done until it is written: the status to exit with. */
static int end_of_printing(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_OK;
    if (errno == EPIPE)
        return EXIT_OK;
    message_error("standard output: %s", strerror(errno));
    return EXIT_FAILED;
}

int option_print_help(struct report_options *o, const char *argument, const void *data)
{
    (void)o;
    (void)argument;
    (void)data;
    report_help_print();
    return end_of_printing();
}

int report_schema_print(const struct report_options *options)
{
    int status = schema_print(options->schema);

    return status < 0 ? end_of_printing() : status;
}

int option_print_version(struct report_options *o, const char *argument, const void *data)
{
    struct confinement confinement;
    char text[CONFINE_TEXT_MAX];

    (void)o;
    (void)argument;
    (void)data;
    confine_begin(&confinement);
    confine_enter_files(&confinement);
    confine_enter_calls(&confinement);
    printf("tcplife-report " PROGRAM_VERSION "\ncaptures: format %d.%d\nconfinement: %s\n",
           TLZ_FORMAT_VERSION, TLZ_FORMAT_MINOR, confine_text(&confinement, text));
    return end_of_printing();
}
