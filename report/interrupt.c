/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/interrupt.h"

#include <signal.h>
#include <stddef.h>

static struct sigaction second_interrupt;

static void wait_for_writer(int signal_number)
{
    sigaction(signal_number, &second_interrupt, NULL);
}

void interrupt_let_first_pass(void)
{
    struct sigaction action = {.sa_handler = wait_for_writer, .sa_flags = SA_RESTART};

    sigaction(SIGINT, &action, &second_interrupt);
}
