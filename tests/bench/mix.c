/* SPDX-License-Identifier: BSD-2-Clause */
#include "mix.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mix_loads.h"
#include "record/session_row.h"

#define MEAN_GAP_NS     (NS_PER_S / 3150)              /* between two beginnings */
#define WINDOW_NS       (100 * NS_PER_MS)              /* for so long the rate stays */
#define WARM_UP_NS      (300 * NS_PER_S)               /* before the first row that is given out */
#define RECORDED_NS     (60 * NS_PER_S)                /* so long the recorder runs by then */
#define FIRST_NS        (UINT64_C(3459200) * NS_PER_S) /* boot clock: up for 40 days */
#define OPEN_MAX        (1u << 19)                     /* sessions open at a time, at most */
#define CPUS            16
#define COOKIE_BATCH    4096 /* lib/cookie: a processor takes so many numbers at once */
#define MAX_DISORDER_NS 2500 /* between the clock's reading and the place in the ring */

/* A session whose end is known, in a heap by that end. */
struct ending {
    uint64_t order_ns;
    uint32_t event; /* its place in `events` */
};

struct mix {
    struct world world;
    uint64_t now_ns; /* the next session begins */
    uint64_t window_end_ns;
    uint64_t gap_ns;
    uint32_t burst_windows; /* left of a burst */
    struct ending *heap;
    uint32_t count;
    struct event *events;
    uint32_t *unused; /* OPEN_MAX - count places in `events` */
    uint64_t cookie[CPUS];
    uint64_t cookies;
};

static void heap_push(struct mix *m, struct ending ending)
{
    uint32_t at = m->count++;

    while (at > 0 && m->heap[(at - 1) / 2].order_ns > ending.order_ns) {
        m->heap[at] = m->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    m->heap[at] = ending;
}

static struct ending heap_pop(struct mix *m)
{
    struct ending first = m->heap[0], last = m->heap[--m->count];
    uint32_t at = 0, child;

    while ((child = 2 * at + 1) < m->count) {
        if (child + 1 < m->count && m->heap[child + 1].order_ns < m->heap[child].order_ns)
            child++;
        if (m->heap[child].order_ns >= last.order_ns)
            break;
        m->heap[at] = m->heap[child];
        at = child;
    }
    m->heap[at] = last;
    return first;
}

/* The rate stays for a while: it varies a little, and sometimes there is a burst. */
static void next_window(struct mix *m)
{
    struct mix_random *r = &m->world.random;

    if (!m->burst_windows && random_permille(r, 8))
        m->burst_windows = 2 + random_below(r, 7);
    m->gap_ns = random_lognormal(r, MEAN_GAP_NS, 160);
    if (m->burst_windows) {
        m->burst_windows--;
        m->gap_ns = m->gap_ns * 2 / 5;
    }
    m->window_end_ns += WINDOW_NS;
}

/* A session begins: its end goes into the heap. */
static void begin_session(struct mix *m)
{
    struct mix_random *r = &m->world.random;
    struct event side[SESSION_SIDES];
    int sides = world_session(&m->world, m->now_ns, side);

    for (int i = 0; i < sides; i++) {
        struct ending ending = {.order_ns = side[i].entered_ns[EVENT_CLOSE] +
                                            random_below(r, MAX_DISORDER_NS)};

        assert(m->count < OPEN_MAX);
        ending.event = m->unused[OPEN_MAX - m->count - 1];
        m->events[ending.event] = side[i];
        heap_push(m, ending);
    }
    m->now_ns += random_exponential(r, m->gap_ns);
    while (m->now_ns >= m->window_end_ns)
        next_window(m);
}

/*
 * The cookie is made when the recorder asks for it, at the end of the session; each processor takes
 * it from a batch of its own (gen_cookie_next(), include/linux/cookie.h, Linux 6.18).
 */
static uint64_t next_cookie(struct mix *m)
{
    uint64_t *last = &m->cookie[random_below(&m->world.random, CPUS)];

    if (*last % COOKIE_BATCH == 0)
        *last = COOKIE_BATCH * m->cookies++;
    return ++*last;
}

/* Makes it what is seen of a session from before the start: the state that it was in, what
 * followed, and whose file it is. */
static void forget_before(struct event *e, uint64_t start_ns)
{
    uint16_t later = 0, last = 0;
    uint64_t last_ns = 0;

    for (enum tlz_state state = 1; state <= TLZ_STATE_CLOSING; state++) {
        uint64_t ns = event_at(e, state);

        if (!(e->visited >> state & 1))
            continue;
        if (ns >= start_ns) {
            later |= (uint16_t)(1u << state);
            continue;
        }
        e->entered_ns[event_time_of(state)] = 0;
        if (ns >= last_ns) {
            last = (uint16_t)(1u << state);
            last_ns = ns;
        }
    }
    if (!last)
        return;
    e->visited = later | last;
    e->flags &= (uint16_t) ~(EVENT_BEGUN | EVENT_CONNECTED | EVENT_ACCEPTED);
}

void mix_next_event(struct mix *m, struct event *ret)
{
    struct ending ending;

    while (!m->count || m->heap[0].order_ns > m->now_ns)
        begin_session(m);
    ending = heap_pop(m);
    m->unused[OPEN_MAX - m->count - 1] = ending.event;
    *ret = m->events[ending.event];
    ret->cookie = next_cookie(m);
    forget_before(ret, FIRST_NS - RECORDED_NS);
}

void mix_next(struct mix *m, struct tlz_row *ret)
{
    struct event event;

    mix_next_event(m, &event);
    session_from_event(&event, ret);
}

void mix_clock(struct tlz_clock *ret)
{
    *ret = (struct tlz_clock){.boot_us = FIRST_NS / 1000,
                              .real_us = UINT64_C(1767225600000000),
                              .uncertainty_us = 1,
                              .status = TLZ_CLOCK_SYNCED};
}

int mix_open(struct mix **ret, uint64_t seed)
{
    struct mix *m = calloc(1, sizeof *m);
    struct event event;

    if (!m)
        return -ENOMEM;
    m->heap = calloc(OPEN_MAX, sizeof *m->heap);
    m->events = calloc(OPEN_MAX, sizeof *m->events);
    m->unused = calloc(OPEN_MAX, sizeof *m->unused);
    if (!m->heap || !m->events || !m->unused) {
        mix_free(m);
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < OPEN_MAX; i++)
        m->unused[i] = OPEN_MAX - 1 - i;
    world_init(&m->world, seed);
    m->cookies = 2688;
    m->now_ns = m->window_end_ns = FIRST_NS - WARM_UP_NS;
    next_window(m);
    do
        mix_next_event(m, &event);
    while (event.entered_ns[EVENT_CLOSE] < FIRST_NS);
    *ret = m;
    return 0;
}

struct mix *mix_free(struct mix *m)
{
    if (m) {
        free(m->heap);
        free(m->events);
        free(m->unused);
        free(m);
    }
    return NULL;
}
