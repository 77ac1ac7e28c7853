/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A writer that does what the bytes tell it to do: sources, sessions, losses, names. What is read
 * back is what went in, in the same order and field by field; with all fields, with a few, and in a
 * window of time, where the index tells what may be passed over.
 */
#include <errno.h>
#include <stdlib.h>

#include "fuzz.h"
#include "fuzz_bytes.h"
#include "fuzz_events.h"
#include "fuzz_memory.h"

#define EVENTS_MAX  2000 /* enough for blocks that are not compressed as a whole */
#define SOURCES_MAX 20
#define LEVELS      5

struct script {
    struct fuzz_bytes bytes;
    struct tlz_writer *writer;
    struct event *event; /* EVENTS_MAX of them */
    size_t count;
    uint32_t sources;
    uint32_t source; /* of the next events */
    struct tlz_clock clock;
    struct tlz_row session; /* the last one, of which the next one is made */
    uint64_t sessions, lost;
};

static struct event *add_event(struct script *s, enum tlz_item_kind kind)
{
    struct event *e = &s->event[s->count++];

    *e = (struct event){.kind = kind, .source = s->source, .clock = s->clock};
    return e;
}

static size_t take_text(struct script *s, char *ret, size_t room)
{
    size_t size = fuzz_take8(&s->bytes) % room;

    fuzz_take(&s->bytes, ret, size);
    return size;
}

static void add_source(struct script *s)
{
    struct tlz_metadata *meta = tlz_metadata_new();
    struct event *e;
    size_t size;

    assert(meta);
    s->source = ++s->sources;
    e = add_event(s, TLZ_ITEM_SOURCE);
    size = take_text(s, e->text, sizeof e->text);
    e->name.size = size;
    assert(tlz_metadata_set_bytes(meta, TLZ_META_HOST, e->text, size) == 0);
    assert(tlz_writer_add_source(s->writer, meta, &s->source) == 0 && s->source == s->sources);
    tlz_metadata_free(meta);
}

static void add_loss(struct script *s)
{
    struct event *e = add_event(s, TLZ_ITEM_LOSS);

    e->loss = (struct tlz_loss){.cause = (enum tlz_loss_cause)fuzz_take8(&s->bytes),
                                .count = fuzz_take_integer(&s->bytes),
                                .from_us = fuzz_take_integer(&s->bytes),
                                .to_us = fuzz_take_integer(&s->bytes)};
    s->lost += e->loss.count;
    assert(tlz_writer_add_loss(s->writer, s->source, &e->loss) == 0);
}

/* Moves the last event before the sessions that wait in the writer: they are those before it. */
static struct event *move_before_waiting(struct script *s)
{
    struct event last = s->event[s->count - 1];
    struct tlz_writer_stats stats;
    struct event *e;

    tlz_writer_stats(s->writer, &stats);
    e = &s->event[s->count - 1 - stats.of[TLZ_SESSIONS].pending];
    memmove(e + 1, e, stats.of[TLZ_SESSIONS].pending * sizeof *e);
    *e = last;
    return e;
}

/* One with an odd number comes before the sessions that wait. */
static void add_name(struct script *s)
{
    struct event *e = add_event(s, TLZ_ITEM_NAME);
    int r;

    e->name.kind = (enum tlz_name_kind)fuzz_take8(&s->bytes);
    e->name.id = fuzz_take_integer(&s->bytes);
    e->name.size = take_text(s, e->text, sizeof e->text);
    if (e->name.id % 2)
        e = move_before_waiting(s);
    e->name.text = e->text;
    r = e->name.id % 2 ? tlz_writer_add_name_before(s->writer, s->source, &e->name)
                       : tlz_writer_add_name(s->writer, s->source, &e->name);
    assert(r == 0);
}

/* Whether the writer must take it, by what tlz_writer_add_row() promises. It makes `service`
 * itself. */
static bool is_valid(const struct tlz_row *session)
{
    static const enum tlz_field required[] = {TLZ_CLOSE_US, TLZ_LADDR, TLZ_LPORT, TLZ_RADDR,
                                              TLZ_RPORT};

    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!tlz_row_has(session, required[i]))
            return false;
    TLZ_FOREACH_SESSION_FIELD(f) {
        if (tlz_row_has(session, f) && tlz_fields[f].number && f != TLZ_SERVICE &&
            !tlz_type_is_bytes(tlz_fields[f].type) && tlz_fields[f].type != TLZ_TYPE_TIME &&
            session->value[f].u > tlz_fields[f].max)
            return false;
    }
    return true;
}

/* A time that is none in Unix time is left out, and close_us is not. */
static bool leave_out_times(struct tlz_row *session, const struct tlz_clock *clock)
{
    TLZ_FOREACH_SESSION_FIELD(f) {
        if (!tlz_row_has(session, f) || tlz_fields[f].type != TLZ_TYPE_TIME ||
            session->value[f].u + clock->real_us - clock->boot_us <= INT64_MAX)
            continue;
        if (f == TLZ_CLOSE_US)
            return false;
        tlz_fieldset_remove(&session->present, f);
    }
    return true;
}

static void add_session(struct script *s)
{
    struct tlz_row kept = s->session;
    bool valid = is_valid(&s->session) && leave_out_times(&kept, &s->clock);
    int r = tlz_writer_add_row(s->writer, TLZ_SESSIONS, s->source, &s->clock, &s->session);

    assert(r == (valid ? 0 : -EINVAL));
    if (!valid)
        return;
    add_event(s, TLZ_ITEM_ROWS)->session = kept;
    s->sessions++;
}

/* The next session is the last one, but for a few fields. */
static void change_session(struct script *s)
{
    for (unsigned int n = fuzz_take8(&s->bytes) % 8; n > 0; n--) {
        uint8_t what = fuzz_take8(&s->bytes);
        enum tlz_field f = what % TLZ_SESSION_FIELD_COUNT;
        uint8_t bytes[16];

        if (what >= 3 * TLZ_SESSION_FIELD_COUNT) {
            tlz_fieldset_remove(&s->session.present, f);
        } else if (tlz_type_is_bytes(tlz_fields[f].type)) {
            fuzz_take(&s->bytes, bytes, sizeof bytes);
            tlz_row_set_address(&s->session, f, bytes);
        } else {
            tlz_row_set(&s->session, f, fuzz_take_integer(&s->bytes));
        }
    }
    add_session(s);
}

/* Many sessions alike, each a little later. */
static void repeat_session(struct script *s)
{
    uint32_t times = (uint32_t)fuzz_take8(&s->bytes) * 6;
    uint64_t step = fuzz_take_integer(&s->bytes);

    for (; times > 0 && s->count < EVENTS_MAX - 1; times--) {
        s->session.value[TLZ_CLOSE_US].u += step;
        s->session.value[TLZ_COOKIE].u += step;
        add_session(s);
    }
}

static void step_clock(struct script *s)
{
    s->clock.boot_us = fuzz_take_integer(&s->bytes);
    s->clock.real_us = fuzz_take_integer(&s->bytes);
    s->clock.uncertainty_us = (uint32_t)fuzz_take_integer(&s->bytes);
    s->clock.status = fuzz_take8(&s->bytes);
}

static void do_next(struct script *s)
{
    switch (fuzz_take8(&s->bytes) % 16) {
    case 0:
        if (s->sources < SOURCES_MAX)
            add_source(s);
        break;
    case 1:
        add_loss(s);
        break;
    case 2:
        add_name(s);
        break;
    case 3:
        assert(tlz_writer_flush(s->writer) == 0);
        break;
    case 4:
        step_clock(s);
        break;
    case 5:
        s->source = 1 + fuzz_take8(&s->bytes) % s->sources;
        break;
    case 6:
        repeat_session(s);
        break;
    default:
        change_session(s);
    }
}

static void write_script(struct script *s, struct fuzz_memory *ret)
{
    static const uint8_t id[16] = {1};
    struct tlz_writer_options options = {.level = 1 + fuzz_take8(&s->bytes) % LEVELS};
    struct tlz_output output = fuzz_memory_output(ret);
    struct tlz_metadata *meta = tlz_metadata_new();
    struct tlz_writer_stats stats;

    assert(meta && tlz_metadata_set_id(meta, id) == 0);
    assert(tlz_writer_open(&s->writer, &output, &options, meta) == 0);
    add_source(s);
    while (fuzz_left(&s->bytes) && s->count < EVENTS_MAX - 1)
        do_next(s);
    assert(tlz_writer_finish(s->writer, meta) == 0);
    tlz_writer_stats(s->writer, &stats);
    assert(stats.of[TLZ_SESSIONS].written == s->sessions && stats.of[TLZ_SESSIONS].pending == 0 &&
           stats.of[TLZ_SESSIONS].lost == s->lost);
    assert(stats.bytes == ret->size);
    s->writer = tlz_writer_free(s->writer);
    tlz_metadata_free(meta);
}

static void check_total(const struct tlz_metadata *end, enum tlz_meta_tag tag, uint64_t expected)
{
    uint64_t number;

    assert(tlz_metadata_number(end, tag, &number) == 1 && number == expected);
}

static void read_back(const struct script *s, const struct tlz_input *input,
                      const struct tlz_fieldset *fields, const struct window *window)
{
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    size_t at = 0;

    assert(tlz_reader_open(&r, input) == 0);
    tlz_reader_select(r, TLZ_SESSIONS, fields);
    tlz_reader_window(r, window->from_us, window->to_us);
    assert(tlz_reader_next(r, &item) == 1 && item.kind == TLZ_ITEM_FILE);
    while (at < s->count) {
        assert(tlz_reader_next(r, &item) == 1);
        at += check_item(&s->event[at], &item, fields, window);
    }
    assert(tlz_reader_next(r, &item) == 1 && item.kind == TLZ_ITEM_END);
    check_total(item.meta, TLZ_META_SESSIONS, s->sessions);
    check_total(item.meta, TLZ_META_LOST, s->lost);
    assert(tlz_reader_next(r, &item) == 0);
    tlz_reader_free(r);
}

/* From the first session to the one in the middle; nothing when there are none. */
static struct window choose_window(const struct script *s)
{
    const struct event *first = NULL, *middle = NULL;

    for (size_t i = 0; i < s->count; i++) {
        if (s->event[i].kind != TLZ_ITEM_ROWS)
            continue;
        first = first ? first : &s->event[i];
        middle = i <= s->count / 2 ? &s->event[i] : middle;
    }
    return first && middle ? (struct window){event_unix_us(first), event_unix_us(middle)}
                           : (struct window){1, 0};
}

/* The least that a session must have. */
static void begin_session(struct tlz_row *ret)
{
    static const uint8_t address[16] = {0xfe, 0x80, [15] = 1};

    tlz_row_clear(ret);
    tlz_row_set(ret, TLZ_CLOSE_US, 1000000);
    tlz_row_set_address(ret, TLZ_LADDR, address);
    tlz_row_set_address(ret, TLZ_RADDR, address);
    tlz_row_set(ret, TLZ_LPORT, 80);
    tlz_row_set(ret, TLZ_RPORT, 40000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct event events[EVENTS_MAX];
    struct script s = {.bytes = {data, data + size}, .event = events};
    struct window all = {0, UINT64_MAX}, window;
    struct fuzz_memory capture = {0};
    struct tlz_fieldset fields;
    struct tlz_input input;

    begin_session(&s.session);
    fuzz_take(&s.bytes, &fields, sizeof fields);
    write_script(&s, &capture);
    window = choose_window(&s);
    input = fuzz_memory_input_at(&capture);
    read_back(&s, &input, &fields, &window);
    memset(&fields, 0xff, sizeof fields);
    input = fuzz_memory_input(&capture);
    read_back(&s, &input, &fields, &all);
    fuzz_memory_free(&capture);
    return 0;
}
