/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls by way of io_uring, one at a time. All end the process when a step fails. */
#ifndef TESTS_TRAFFIC_RING_H
#define TESTS_TRAFFIC_RING_H

#include <stdbool.h>
#include <sys/socket.h>

struct ring;

/* With `is_async` a worker that the kernel makes does each call, and not the process itself.
 * Never freed. */
struct ring *ring_new(bool is_async);

/* As accept(2), connect(2) and close(2). */
int ring_accept(struct ring *ring, int fd, struct sockaddr *ret_peer, socklen_t *size);
void ring_connect(struct ring *ring, int fd, const struct sockaddr *address, socklen_t size);
void ring_close(struct ring *ring, int fd);

#endif
