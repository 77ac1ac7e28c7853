/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of the inputs on standard error, after the report. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/capture/captures.h"
#include "report/capture/recording.h"
#include "util/message.h"

#define CAPTURE_ID_SIZE 16

/* Damaged places that are named one by one. */
#define SAID_MAX 10

bool capture_is_empty_of_good(const struct capture *capture)
{
    return capture->blocks == 0 && capture->damage_count > 0;
}

bool capture_is_only_begun(const struct capture *capture)
{
    return capture_is_empty_of_good(capture) && capture->damage[0].damage.error == -TLZ_E_CUT;
}

bool captures_are_damaged(const struct captures *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->capture[i].damage_count > 0 || (!c->capture[i].end && !c->capture[i].grows))
            return true;
    return false;
}

bool captures_have_losses(const struct captures *c, unsigned int kinds)
{
    for (size_t i = 0; i < c->count; i++)
        for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
            if (kinds & KIND_BIT(kind) && capture_lost(&c->capture[i], kind) > 0)
                return true;
    return false;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void say_damage_at(const char *name, const struct kept_damage *d)
{
    char skipped[64] = "";

    if (d->damage.error == -TLZ_E_MISSING) {
        message_warning("%s: %" PRIu64 " block%s missing before byte %" PRIu64, name,
                        d->damage.blocks, plural(d->damage.blocks), d->offset);
        return;
    }
    if (d->damage.size > 0)
        snprintf(skipped, sizeof skipped, "; %" PRIu64 " byte%s skipped", d->damage.size,
                 plural(d->damage.size));
    message_warning("%s: damaged at byte %" PRIu64 ": %s%s", name, d->offset,
                    tlz_strerror(d->damage.error), skipped);
}

static void say_damage(const struct capture *capture)
{
    for (size_t i = 0; i < capture->damage_kept && i < SAID_MAX; i++)
        say_damage_at(capture->name, &capture->damage[i]);
    if (capture->damage_count > SAID_MAX)
        message_warning("%s: %" PRIu64 " damaged places in all, %" PRIu64 " bytes skipped",
                        capture->name, capture->damage_count, capture->damaged_bytes);
}

static void say_unknown(const struct capture *capture)
{
    for (size_t i = 0; i < capture->unknown_kept && i < SAID_MAX; i++)
        message_warning("%s: %s %" PRIu64 " is of a newer version and was skipped", capture->name,
                        capture->unknown[i].column ? "column" : "block type",
                        capture->unknown[i].number);
    if (capture->unknown_count > SAID_MAX)
        message_warning("%s: %" PRIu64 " kinds of block and column are of a newer version",
                        capture->name, capture->unknown_count);
}

/* " (10 ring-full, 2 no-storage)" */
static void describe_causes(const struct capture *capture, enum tlz_kind kind, char *ret,
                            size_t size)
{
    size_t used = 0;

    for (int cause = 0; cause < CAPTURES_CAUSES; cause++) {
        uint64_t count = 0;

        for (size_t i = 0; i < capture->recording_count; i++)
            count = add_saturated(count, capture->recordings[i]->lost_by_cause[kind][cause]);
        if (count > 0 && used < size)
            used += (size_t)snprintf(ret + used, size - used, "%s%" PRIu64 " %s", used ? ", " : "",
                                     count, tlz_loss_cause_name((enum tlz_loss_cause)cause));
    }
}

/* Of those that were not seen the number is not exact. */
static bool has_unseen(const struct capture *capture, enum tlz_kind kind)
{
    for (size_t i = 0; i < capture->recording_count; i++)
        if (capture->recordings[i]->lost_by_cause[kind][TLZ_LOSS_UNSEEN])
            return true;
    return false;
}

static void say_losses(const struct capture *capture, enum tlz_kind kind)
{
    static const char *const one[TLZ_KINDS] = {"session", "change of state"};
    static const char *const more[TLZ_KINDS] = {"sessions", "changes of state"};
    static const char *const bounds[TLZ_KINDS] = {"at most ", "about "};
    char causes[256] = "";
    uint64_t lost = capture_lost(capture, kind);

    if (lost == 0)
        return;
    describe_causes(capture, kind, causes, sizeof causes);
    message_warning("%s: the recorder lost %s%" PRIu64 " %s (%s)", capture->name,
                    has_unseen(capture, kind) ? bounds[kind] : "", lost,
                    lost == 1 ? one[kind] : more[kind], causes);
}

/* Which recording an input holds. */
struct holding {
    const uint8_t *id;
    const struct capture *capture;
};

static int compare_holdings(const void *a, const void *b)
{
    const struct holding *x = a, *y = b;
    int r = memcmp(x->id, y->id, CAPTURE_ID_SIZE);

    return r ? r : (x->capture > y->capture) - (x->capture < y->capture);
}

/* The recording's own name, or its file's; NULL when it has none. */
static const uint8_t *id_of(const struct capture *capture, const struct recording *r)
{
    static const uint8_t unknown_id[CAPTURE_ID_SIZE];
    const uint8_t *id = r->meta ? tlz_metadata_id(r->meta) : NULL;

    if (!id && capture->file)
        id = tlz_metadata_id(capture->file);
    return id && memcmp(id, unknown_id, sizeof unknown_id) != 0 ? id : NULL;
}

/* Fills holdings, sorted, and returns how many. */
static size_t find_holdings(const struct captures *c, struct holding *holdings)
{
    size_t n = 0;

    for (size_t i = 0; i < c->count; i++) {
        for (size_t j = 0; j < c->capture[i].recording_count; j++) {
            const uint8_t *id = id_of(&c->capture[i], c->capture[i].recordings[j]);

            if (id)
                holdings[n++] = (struct holding){id, &c->capture[i]};
        }
    }
    qsort(holdings, n, sizeof *holdings, compare_holdings);
    return n;
}

/* The same sessions in two inputs are shown and summed twice. */
static void say_same(const struct captures *c)
{
    struct holding *holdings = calloc(c->recordings + 1u, sizeof *holdings);
    const struct capture *said = NULL;
    size_t n = holdings ? find_holdings(c, holdings) : 0;

    for (size_t i = 1; i < n; i++) {
        const struct holding *a = &holdings[i - 1], *b = &holdings[i];

        if (a->capture == b->capture || memcmp(a->id, b->id, CAPTURE_ID_SIZE) != 0 ||
            said == b->capture)
            continue;
        message_warning("%s: it holds the same recording as %s: sessions may count twice",
                        b->capture->name, a->capture->name);
        said = b->capture;
    }
    free(holdings);
}

static void say_capture(const struct capture *capture, unsigned int kinds)
{
    for (int kind = 0; kind < TLZ_KINDS; kind++)
        if (kinds & KIND_BIT(kind))
            say_losses(capture, (enum tlz_kind)kind);
    say_unknown(capture);
    say_damage(capture);
    if (!capture->failed && !capture->end && !capture->grows)
        message_warning("%s: it has no end: it is still being written, or its recorder was "
                        "stopped short",
                        capture->name);
}

void capture_say(struct capture *capture, unsigned int kinds)
{
    say_capture(capture, kinds);
    capture->said = true;
}

void captures_say(const struct captures *c, unsigned int kinds)
{
    for (size_t i = 0; i < c->count; i++)
        if (!c->capture[i].said)
            say_capture(&c->capture[i], kinds);
    say_same(c);
}
