/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "mix_plan.h"

/* The shares are of sessions begun, in thousandths; one over loopback makes two rows. */
static const struct {
    int (*make)(struct world *w, struct tcp_plan *p, struct event *ret);
    uint32_t share;
} loads[] = {
    {load_web, 378},    {load_upstream, 81},      {load_database, 216},      {load_api, 108},
    {load_command, 54}, {load_inbound_check, 69}, {load_outbound_check, 18}, {load_scanner, 44},
    {load_ssh, 21},     {load_backup, 11},
};

void world_init(struct world *ret, uint64_t seed)
{
    random_seed(&ret->random, seed);
    hosts_init(&ret->hosts, &ret->random);
    ret->last_pid = 1731004;
    ret->check = 0;
    memset(ret->visitor, 0, sizeof ret->visitor);
}

int world_session(struct world *w, uint64_t now_ns, struct event ret[SESSION_SIDES])
{
    struct tcp_plan plan = {.open_ns = now_ns};
    uint32_t at = random_below(&w->random, 1000);
    size_t i = 0;

    while (at >= loads[i].share)
        at -= loads[i++].share;
    return loads[i].make(w, &plan, ret);
}
