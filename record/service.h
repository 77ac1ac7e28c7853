/* SPDX-License-Identifier: BSD-2-Clause */
/* What a service manager that started the recorder is told (sd_notify(3)); without one, nobody is.
 */
#ifndef RECORD_SERVICE_H
#define RECORD_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "format/writer.h"

struct service {
    bool is_there;
    bool is_reloading; /* and has not been told yet that it is over */
    uint64_t every_us; /* service_alive() is wanted so often */
};

/* Looks for one. Says so when there is one that cannot be told anything: built without libsystemd.
 */
void service_open(struct service *ret);

/* It records; or goes on to, with what is called reloading done, if there was any. */
void service_ready(struct service *s, const struct tlz_writer_stats *stats);

/* It still does, and so much is recorded. */
void service_alive(const struct service *s, const struct tlz_writer_stats *stats);

/* SIGHUP came; service_ready() follows. */
void service_reloading(struct service *s);

/* The recording is over. */
void service_stopping(const struct service *s);

#endif
