/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>

#include "report/pipeline.h"
#include "report/report_options.h"
#include "util/message.h"

int main(int argc, char **argv)
{
    struct report_options options;
    int status;

    message_init("tcplife-report");
    signal(SIGXFSZ, SIG_IGN); /* write() says it */
    status = report_options_parse(&options, argc, argv);
    if (status < 0) {
        message_set_quiet(options.quiet);
        status = pipeline_run(&options);
    }
    report_options_close(&options);
    return status;
}
