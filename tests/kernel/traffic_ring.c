/* SPDX-License-Identifier: BSD-2-Clause */
#include "traffic_ring.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "traffic_session.h"

#define ENTRIES 4

struct ring {
    int fd;
    unsigned char flags;
    unsigned *submit_tail;
    unsigned *submit_indexes;
    unsigned submit_mask;
    unsigned *complete_head;
    unsigned complete_mask;
    struct io_uring_cqe *completed;
    struct io_uring_sqe *submitted;
};

static void *map_part(int fd, size_t size, off_t part)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, part);

    if (memory == MAP_FAILED)
        die("mmap of the ring");
    return memory;
}

struct ring *ring_new(bool is_async)
{
    struct ring *ring = calloc(1, sizeof *ring);
    struct io_uring_params p = {0};
    char *submit;
    char *complete;

    if (!ring)
        die("calloc");
    ring->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p);
    check(ring->fd, "io_uring_setup");
    ring->flags = is_async ? IOSQE_ASYNC : 0;
    submit =
        map_part(ring->fd, p.sq_off.array + p.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
    complete = map_part(ring->fd, p.cq_off.cqes + p.cq_entries * sizeof *ring->completed,
                        IORING_OFF_CQ_RING);
    ring->submitted = map_part(ring->fd, p.sq_entries * sizeof *ring->submitted, IORING_OFF_SQES);
    ring->submit_tail = (void *)(submit + p.sq_off.tail);
    ring->submit_indexes = (void *)(submit + p.sq_off.array);
    ring->submit_mask = *(unsigned *)(void *)(submit + p.sq_off.ring_mask);
    ring->complete_head = (void *)(complete + p.cq_off.head);
    ring->complete_mask = *(unsigned *)(void *)(complete + p.cq_off.ring_mask);
    ring->completed = (void *)(complete + p.cq_off.cqes);
    return ring;
}

/* Makes one call and waits for its result. */
static int call(struct ring *ring, const struct io_uring_sqe *what, const char *name)
{
    unsigned tail = *ring->submit_tail;
    unsigned head = *ring->complete_head;
    unsigned index = tail & ring->submit_mask;
    int result;

    ring->submitted[index] = *what;
    ring->submitted[index].flags = ring->flags;
    ring->submit_indexes[index] = index;
    __atomic_store_n(ring->submit_tail, tail + 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
        die("io_uring_enter for %s", name);
    result = ring->completed[head & ring->complete_mask].res;
    __atomic_store_n(ring->complete_head, head + 1, __ATOMIC_RELEASE);
    if (result < 0) {
        errno = -result;
        die("%s by io_uring", name);
    }
    return result;
}

int ring_accept(struct ring *ring, int fd, struct sockaddr *ret_peer, socklen_t *size)
{
    struct io_uring_sqe what = {
        .opcode = IORING_OP_ACCEPT,
        .fd = fd,
        .addr = (uintptr_t)ret_peer,
        .addr2 = (uintptr_t)size,
    };

    return call(ring, &what, "accept");
}

void ring_connect(struct ring *ring, int fd, const struct sockaddr *address, socklen_t size)
{
    struct io_uring_sqe what = {
        .opcode = IORING_OP_CONNECT,
        .fd = fd,
        .addr = (uintptr_t)address,
        .off = size,
    };

    call(ring, &what, "connect");
}

void ring_close(struct ring *ring, int fd)
{
    struct io_uring_sqe what = {.opcode = IORING_OP_CLOSE, .fd = fd};

    call(ring, &what, "close");
}
