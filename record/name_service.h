/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of users from whatever nsswitch.conf(5) names. That loads libraries and opens sockets
 * and files of their own, which the recorder has given up: so a process beside it does it, which
 * begins before, has the same user and no rights either, and ends with the recorder.
 */
#ifndef RECORD_NAME_SERVICE_H
#define RECORD_NAME_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "record/identity.h"

struct name_service {
    int fd;
    pid_t pid;
};

#define NAME_SERVICE_NONE ((struct name_service){.fd = -1})

/* Begins the process. 0 or a negative errno. */
int name_service_open(struct name_service *ret, const struct identity *identity);

/* The name of a user. False when it has none, there is no room for it, or nobody to ask. May wait a
 * second for a network; after a search that took longer, nobody has a name for a minute. */
bool name_service_find(const struct name_service *service, uint32_t uid, char *ret, size_t size);

/* Ends it. */
void name_service_close(struct name_service *service);

#endif
