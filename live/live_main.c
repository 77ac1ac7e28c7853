/* SPDX-License-Identifier: BSD-2-Clause */
/* tcplife-live and tcpstates-live; LIVE_TOOL is which of them. */
#include "live/live_options.h"
#include "live/live_pipe.h"
#include "util/message.h"

int main(int argc, char **argv)
{
    struct live_command_lines lines;
    int status;

    message_init(LIVE_TOOL.program);
    status = live_options_parse(&LIVE_TOOL, argc, argv, &lines);
    return status >= 0 ? status : live_pipe_run(&lines);
}
