/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/pair/pair_join.h"

#include <errno.h>
#include <stdlib.h>

#include "util/missing.h"

/* One end of a connection, as a number. */
static uint64_t end_of(uint32_t address, uint16_t port)
{
    return (uint64_t)address << 16 | port;
}

/* The lesser end of both, and the greater; whether the local one is the greater. */
struct ends {
    uint64_t low, high;
    bool is_high;
};

static struct ends ends_of(const struct pair_session *s)
{
    uint64_t local = end_of(s->laddr, s->lport), remote = end_of(s->raddr, s->rport);

    return local > remote ? (struct ends){remote, local, true}
                          : (struct ends){local, remote, false};
}

static const struct pair_session *session_at(const struct pair_join *join, uint32_t number)
{
    return &join->sessions->session[number];
}

static uint32_t host_of(const struct pair_join *join, uint32_t number)
{
    return join->hosts->of[session_at(join, number)->source];
}

static uint64_t start_of(const struct pair_session *s)
{
    return pair_session_has(s, PAIR_OPEN) ? s->open_us : 0;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_times(const struct pair_join *join, uint32_t x, uint32_t y)
{
    const struct pair_session *a = session_at(join, x), *b = session_at(join, y);
    int r = compare_u64(a->close_us, b->close_us);

    r = r ? r : compare_u64(start_of(a), start_of(b));
    return r ? r : compare_u64(x, y);
}

/* By their two ends, the side, and time. */
static int compare_sides(const void *a, const void *b, void *data)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const struct ends p = ends_of(session_at(data, x)), q = ends_of(session_at(data, y));
    int r = compare_u64(p.low, q.low);

    r = r ? r : compare_u64(p.high, q.high);
    r = r ? r : compare_u64(p.is_high, q.is_high);
    return r ? r : compare_times(data, x, y);
}

/* By their two ends, the host, the side, and time. */
static int compare_hosts(const void *a, const void *b, void *data)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const struct ends p = ends_of(session_at(data, x)), q = ends_of(session_at(data, y));
    int r = compare_u64(p.low, q.low);

    r = r ? r : compare_u64(p.high, q.high);
    r = r ? r : compare_u64(host_of(data, x), host_of(data, y));
    r = r ? r : compare_u64(p.is_high, q.is_high);
    return r ? r : compare_times(data, x, y);
}

/* For how long both are there, less than 0: how far apart they are. One whose beginning was not
 * seen began no later than the other. */
static wide_difference overlap(const struct pair_session *a, const struct pair_session *b,
                               int64_t offset_us)
{
    wide_difference start = start_of(a), b_end = (wide_difference)b->close_us - offset_us;
    wide_difference end =
        b_end < (wide_difference)a->close_us ? b_end : (wide_difference)a->close_us;

    if (pair_session_has(b, PAIR_OPEN) && (wide_difference)b->open_us - offset_us > start)
        start = (wide_difference)b->open_us - offset_us;
    return end - start;
}

/* How far apart they are by the best time that both have. */
static wide_difference distance(const struct pair_session *a, const struct pair_session *b,
                                int64_t offset_us)
{
    unsigned int both = a->has & b->has;
    wide_difference us = both & 1u << PAIR_ESTABLISHED
                             ? (wide_difference)a->established_us - b->established_us
                         : both & 1u << PAIR_OPEN ? (wide_difference)a->open_us - b->open_us
                                                  : (wide_difference)a->close_us - b->close_us;

    us += offset_us;
    return us < 0 ? -us : us;
}

/* How far the clock of b's host is ahead of that of a's, as far as that is known. */
static int64_t offset_of(const struct pair_join *join, uint32_t a, uint32_t b)
{
    uint32_t x = host_of(join, a), y = host_of(join, b);
    const struct pair_between *between = pair_offsets_look(&join->offsets, x, y);

    if (x == y || !between || !between->offset.is_known)
        return 0;
    return x < y ? between->offset.us : -between->offset.us;
}

/* How well two sessions fit as the ends of one. */
struct fit {
    bool is_one;              /* they may be */
    bool is_low_first;        /* by the time at which they ended */
    wide_difference distance; /* if they may be */
};

/* Sessions of one side each, in order of time. */
struct side {
    const uint32_t *number;
    size_t count;
};

static struct fit fit_of(const struct pair_join *join, const struct side *low,
                         const struct side *high, bool same_host)
{
    struct fit fit = {.is_one = false};
    const struct pair_session *a, *b;
    int64_t offset;

    if (low->count == 0 || high->count == 0)
        return fit;
    a = session_at(join, low->number[0]);
    b = session_at(join, high->number[0]);
    offset = offset_of(join, low->number[0], high->number[0]);
    fit.is_low_first = (wide_difference)a->close_us < (wide_difference)b->close_us - offset;
    fit.is_one = (host_of(join, low->number[0]) == host_of(join, high->number[0])) == same_host &&
                 overlap(a, b, offset) >= -PAIR_SLACK_US;
    fit.distance = distance(a, b, offset);
    return fit;
}

static bool is_better(const struct fit *fit, const struct fit *than)
{
    return fit->is_one && (!than->is_one || fit->distance < than->distance);
}

static void pass(struct side *side)
{
    side->number++;
    side->count--;
}

/* One goes by if it ended before the other began, or if the one after it fits better. */
static void sweep(struct pair_join *join, struct side low, struct side high, bool same_host)
{
    while (low.count > 0 && high.count > 0) {
        struct side next_low = low, next_high = high;
        struct fit fit = fit_of(join, &low, &high, same_host), by_low, by_high;

        pass(&next_low);
        pass(&next_high);
        by_low = fit_of(join, &next_low, &high, same_host);
        by_high = fit_of(join, &low, &next_high, same_host);
        if (fit.is_one && !is_better(&by_low, &fit) && !is_better(&by_high, &fit)) {
            join->mate[low.number[0]] = high.number[0];
            join->mate[high.number[0]] = low.number[0];
            low = next_low;
            high = next_high;
        } else if (fit.is_one ? !is_better(&by_high, &by_low) : fit.is_low_first) {
            low = next_low;
        } else {
            high = next_high;
        }
    }
}

/* Of a run those that have no mate: whose local end is the lesser, and behind them the others. */
static void sweep_run(struct pair_join *join, size_t i, size_t run, bool same_host)
{
    size_t count = 0, low = 0;

    for (size_t k = 0; k < run; k++) {
        uint32_t number = join->order[i + k];

        if (join->mate[number] != PAIR_NONE)
            continue;
        low += !ends_of(session_at(join, number)).is_high;
        join->left[count++] = number;
    }
    sweep(join, (struct side){join->left, low}, (struct side){join->left + low, count - low},
          same_host);
}

static bool has_same_ends(const struct pair_join *join, uint32_t x, uint32_t y)
{
    const struct ends p = ends_of(session_at(join, x)), q = ends_of(session_at(join, y));

    return p.low == q.low && p.high == q.high;
}

/* The sessions from `i` on that have the same two ends, and with `same_host` the same host. */
static size_t run_of(const struct pair_join *join, size_t i, bool same_host)
{
    const uint32_t *order = join->order;
    size_t end = i + 1;

    while (end < join->sessions->count && has_same_ends(join, order[i], order[end]) &&
           (!same_host || host_of(join, order[i]) == host_of(join, order[end])))
        end++;
    return end - i;
}

static bool is_loopback(const struct pair_join *join, uint32_t number)
{
    const struct pair_session *s = session_at(join, number);
    const struct flow_codes *codes = &join->sessions->addresses;

    return pair_address_is_loopback(&flow_codes_value(codes, s->laddr)->bytes) ||
           pair_address_is_loopback(&flow_codes_value(codes, s->raddr)->bytes);
}

/* Both ends on one host. */
static void join_same(struct pair_join *join)
{
    qsort_r(join->order, join->sessions->count, sizeof *join->order, compare_hosts, join);
    for (size_t i = 0, run; i < join->sessions->count; i += run) {
        run = run_of(join, i, true);
        sweep_run(join, i, run, true);
    }
}

/* The two of a run that are left, if they are two, one on each side, of two hosts. */
static bool find_two(const struct pair_join *join, size_t i, size_t run, uint32_t ret[2])
{
    size_t left = 0;

    for (size_t k = 0; k < run; k++) {
        if (join->mate[join->order[i + k]] != PAIR_NONE)
            continue;
        if (left == 2)
            return false;
        ret[left++] = join->order[i + k];
    }
    return left == 2 && !is_loopback(join, ret[0]) &&
           host_of(join, ret[0]) != host_of(join, ret[1]) &&
           ends_of(session_at(join, ret[0])).is_high != ends_of(session_at(join, ret[1])).is_high;
}

/* A guess at the offset, which an estimate makes better where there is one. */
static struct pair_offset guess(const struct pair_session *client,
                                const struct pair_session *server)
{
    struct pair_offset o = pair_offset_of(client, server);

    if (!o.is_known)
        o = (struct pair_offset){
            .us = pair_clamp((wide_difference)server->close_us - client->close_us),
            .is_known = true};
    return o;
}

/* Counts what may be the two ends of one. */
static int count_two(struct pair_join *join, const uint32_t two[2])
{
    struct pair_ends ends = pair_join_ends(join, two[0], two[1]);
    struct pair_offset o = guess(session_at(join, ends.client), session_at(join, ends.server));

    return pair_offsets_add(&join->offsets, host_of(join, ends.client), host_of(join, ends.server),
                            &o);
}

/* How many of the guesses are within that distance of a time. */
static size_t count_near(const struct pair_offsets *offsets, const struct pair_between *b,
                         int64_t us)
{
    size_t near = 0;

    for (size_t i = 0; i < b->samples; i++) {
        wide_difference d = (wide_difference)offsets->sample[b->first_sample + i].us - us;

        near += d <= PAIR_SLACK_US && d >= -PAIR_SLACK_US;
    }
    return near;
}

/* What two ends of nobody's say is not believed: the clocks are taken to be alike, unless enough
 * sessions agree, and most of them. */
static void believe(struct pair_offsets *offsets)
{
    for (size_t i = 0; i < offsets->count; i++) {
        struct pair_between *b = &offsets->between[i];
        size_t agree = count_near(offsets, b, b->offset.us);

        b->offset.is_known &= agree >= PAIR_AGREE && 2 * agree > b->samples;
    }
}

/* How the clocks of hosts differ, by connections of which there is one. */
static int guess_offsets(struct pair_join *join)
{
    int r = 0;

    qsort_r(join->order, join->sessions->count, sizeof *join->order, compare_sides, join);
    for (size_t i = 0, run; r == 0 && i < join->sessions->count; i += run) {
        uint32_t two[2];

        run = run_of(join, i, false);
        if (find_two(join, i, run, two))
            r = count_two(join, two);
    }
    pair_offsets_settle(&join->offsets);
    believe(&join->offsets);
    return r;
}

/* Ends on two hosts, of what is left. */
static void join_others(struct pair_join *join)
{
    for (size_t i = 0, run; i < join->sessions->count; i += run) {
        run = run_of(join, i, false);
        if (run > 1 && !is_loopback(join, join->order[i]))
            sweep_run(join, i, run, false);
    }
}

struct pair_ends pair_join_ends(const struct pair_join *join, uint32_t one, uint32_t other)
{
    return pair_first_connected(session_at(join, one), session_at(join, other))
               ? (struct pair_ends){one, other}
               : (struct pair_ends){other, one};
}

/* What all pairs tell of the clocks. */
static int count_pairs(struct pair_join *join)
{
    int r = 0;

    pair_offsets_begin_again(&join->offsets);
    for (uint32_t i = 0; r == 0 && i < join->sessions->count; i++) {
        struct pair_ends ends;
        struct pair_offset o;

        if (join->mate[i] == PAIR_NONE || join->mate[i] < i)
            continue;
        ends = pair_join_ends(join, i, join->mate[i]);
        o = pair_offset_of(session_at(join, ends.client), session_at(join, ends.server));
        r = pair_offsets_add(&join->offsets, host_of(join, ends.client), host_of(join, ends.server),
                             &o);
    }
    pair_offsets_settle(&join->offsets);
    return r;
}

int pair_join(struct pair_join *join, const struct pair_sessions *sessions,
              const struct pair_hosts *hosts)
{
    int r = pair_offsets_open(&join->offsets);

    join->sessions = sessions;
    join->hosts = hosts;
    if (r < 0)
        return r;
    join->order = calloc(sessions->count + 1, sizeof *join->order);
    join->mate = calloc(sessions->count + 1, sizeof *join->mate);
    join->left = calloc(sessions->count + 1, sizeof *join->left);
    if (!join->order || !join->mate || !join->left)
        return -ENOMEM;
    for (uint32_t i = 0; i < sessions->count; i++) {
        join->order[i] = i;
        join->mate[i] = PAIR_NONE;
    }
    join_same(join);
    r = guess_offsets(join);
    if (r < 0)
        return r;
    join_others(join);
    return count_pairs(join);
}

void pair_join_close(struct pair_join *join)
{
    pair_offsets_close(&join->offsets);
    free(join->order);
    free(join->mate);
    free(join->left);
    *join = (struct pair_join){0};
}
