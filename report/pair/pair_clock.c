/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/pair/pair_clock.h"

static void bound_above(struct pair_offset *o, wide_difference us)
{
    int64_t most = pair_clamp(us);

    if (!o->has_most || most < o->most)
        o->most = most;
    o->has_most = true;
}

static void bound_below(struct pair_offset *o, wide_difference us)
{
    int64_t least = pair_clamp(us);

    if (!o->has_least || least > o->least)
        o->least = least;
    o->has_least = true;
}

static void estimate(struct pair_offset *o, wide_difference us)
{
    o->us = pair_clamp(us);
    o->is_known = true;
}

/* The least that either end saw. */
static bool round_trip(const struct pair_session *a, const struct pair_session *b, uint32_t *ret)
{
    bool is_a = pair_session_has(a, PAIR_MIN_RTT), is_b = pair_session_has(b, PAIR_MIN_RTT);

    if (!is_a && !is_b)
        return false;
    *ret = is_a && (!is_b || a->min_rtt_us <= b->min_rtt_us) ? a->min_rtt_us : b->min_rtt_us;
    return true;
}

static wide_difference difference(uint64_t a, uint64_t b)
{
    return (wide_difference)a - b;
}

/* The handshake's last segment, which the client sends. */
static void learn_from_start(struct pair_offset *o, const struct pair_session *client,
                             const struct pair_session *server)
{
    wide_difference us = difference(server->established_us, client->established_us);
    uint32_t rtt;

    if (!pair_session_has(client, PAIR_ESTABLISHED) || !pair_session_has(server, PAIR_ESTABLISHED))
        return;
    bound_above(o, us);
    if (round_trip(client, server, &rtt))
        estimate(o, us - rtt / 2);
}

/* The first FIN, as its receiver's clock less its sender's. */
static struct pair_offset learn_from_fin(const struct pair_session *sender,
                                         const struct pair_session *receiver)
{
    struct pair_offset o = {0};
    wide_difference us = difference(receiver->fin_us, sender->fin_us);
    uint32_t rtt;

    if (!pair_session_has(sender, PAIR_FIN) || !pair_session_has(receiver, PAIR_FIN))
        return o;
    bound_above(&o, us);
    if (pair_session_has(sender, PAIR_FIN_WAIT1))
        bound_below(&o, us - sender->fin_wait1_us);
    if (round_trip(sender, receiver, &rtt))
        estimate(&o, us - rtt / 2);
    return o;
}

static void merge(struct pair_offset *o, const struct pair_offset *other)
{
    if (other->has_most)
        bound_above(o, other->most);
    if (other->has_least)
        bound_below(o, other->least);
    if (!o->is_known && other->is_known)
        estimate(o, other->us);
}

void pair_offset_keep_to_bounds(struct pair_offset *o)
{
    if (o->has_least && o->has_most && o->least > o->most)
        return;
    if (o->has_least && o->us < o->least)
        o->us = o->least;
    if (o->has_most && o->us > o->most)
        o->us = o->most;
}

struct pair_offset pair_offset_turned(const struct pair_offset *offset)
{
    return (struct pair_offset){.us = -offset->us,
                                .least = -offset->most,
                                .most = -offset->least,
                                .is_known = offset->is_known,
                                .has_least = offset->has_most,
                                .has_most = offset->has_least};
}

struct pair_offset pair_offset_of(const struct pair_session *client,
                                  const struct pair_session *server)
{
    struct pair_offset o = {0}, fin = {0};

    learn_from_start(&o, client, server);
    if (client->end == TLZ_END_CLOSED_HERE && server->end == TLZ_END_CLOSED_THERE) {
        fin = learn_from_fin(client, server);
    } else if (server->end == TLZ_END_CLOSED_HERE && client->end == TLZ_END_CLOSED_THERE) {
        fin = learn_from_fin(server, client);
        fin = pair_offset_turned(&fin);
    }
    merge(&o, &fin);
    pair_offset_keep_to_bounds(&o);
    return o;
}

bool pair_first_connected(const struct pair_session *first, const struct pair_session *second)
{
    bool is_first = first->direction == TLZ_DIRECTION_OUT || second->direction == TLZ_DIRECTION_IN;
    bool is_second = first->direction == TLZ_DIRECTION_IN || second->direction == TLZ_DIRECTION_OUT;

    return is_first != is_second ? is_first : first->lport >= first->rport;
}
