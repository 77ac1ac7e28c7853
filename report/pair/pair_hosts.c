/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/pair/pair_hosts.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "report/capture/recording.h"

/* Who recorded it, as a value of 16 bytes; of one that does not say, its number. */
static union tlz_value identify(const struct capture *capture, const struct recording *r)
{
    static const enum tlz_meta_tag tags[] = {TLZ_META_HOST, TLZ_META_BOOT_ID};
    union tlz_value value = {.bytes = {{0}}};
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx sha;
    bool is_said = false;

    sha256_init(&sha);
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        size_t size = 0;
        const char *text = recording_text(capture, r, tags[i], &size);

        sha256_update(&sha, size, (const uint8_t *)(text ? text : ""));
        sha256_update(&sha, sizeof size, (const uint8_t *)&size);
        is_said |= text != NULL;
    }
    sha256_digest(&sha, sizeof digest, digest);
    value.u = r->number;
    if (is_said)
        memcpy(&value, digest, sizeof value);
    return value;
}

static int add(struct pair_hosts *hosts, const struct capture *capture, const struct recording *r)
{
    struct pair_host *host;

    if (recording_grow(&hosts->host, hosts->count, sizeof *hosts->host) < 0)
        return -ENOMEM;
    host = &hosts->host[hosts->count++];
    *host = (struct pair_host){0};
    host->name = recording_text(capture, r, TLZ_META_HOST, &host->name_size);
    if (!host->name) {
        host->name = capture->name;
        host->name_size = strlen(capture->name);
    }
    /* It stands in every row. */
    if (host->name_size > PAIR_HOST_NAME_MAX)
        host->name_size = PAIR_HOST_NAME_MAX;
    return 0;
}

static int find(struct pair_hosts *hosts, const struct capture *capture, const struct recording *r)
{
    const union tlz_value value = identify(capture, r);
    uint32_t code;

    if (flow_codes_find(&hosts->known, &value, 1, &code) < 0 ||
        (code > hosts->count && add(hosts, capture, r) < 0))
        return -ENOMEM;
    hosts->of[r->number] = code - 1;
    return 0;
}

int pair_hosts_find(struct pair_hosts *hosts, const struct captures *captures)
{
    int r = flow_codes_open(&hosts->known);

    if (r < 0)
        return r;
    hosts->of = calloc((size_t)captures->recordings + 1, sizeof *hosts->of);
    if (!hosts->of)
        return -ENOMEM;
    for (size_t i = 0; i < captures->count; i++)
        for (size_t j = 0; r == 0 && j < captures->capture[i].recording_count; j++)
            r = find(hosts, &captures->capture[i], captures->capture[i].recordings[j]);
    return r;
}

void pair_hosts_close(struct pair_hosts *hosts)
{
    flow_codes_close(&hosts->known);
    free(hosts->host);
    free(hosts->of);
    *hosts = (struct pair_hosts){0};
}
