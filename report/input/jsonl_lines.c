/* SPDX-License-Identifier: BSD-2-Clause */
/* The JSON lines that are no rows: whose recording it is, what was lost, names, the end. */
#include <errno.h>
#include <inttypes.h>

#include "report/capture/recording.h"
#include "report/input/json_integers.h"
#include "report/input/jsonl_state.h"
#include "util/cleanup.h"

static void free_metadata(struct tlz_metadata **meta)
{
    tlz_metadata_free(*meta);
}

/* The tags that tell of the file; the others tell of a recording in it. */
static bool is_of_file(enum tlz_meta_tag tag)
{
    switch (tag) {
    case TLZ_META_CAPTURE_ID:
    case TLZ_META_PROGRAM:
    case TLZ_META_VERSION:
    case TLZ_META_COMMAND_LINE:
    case TLZ_META_CREATED_US:
    case TLZ_META_NOTE:
    case TLZ_META_PROVENANCE:
        return true;
    default:
        return false;
    }
}

static bool is_same(const struct tlz_metadata *a, const struct tlz_metadata *b,
                    enum tlz_meta_tag tag)
{
    size_t x_size, y_size;
    const char *x, *y;
    uint64_t m, n;

    if (tlz_meta_tags[tag].type == TLZ_METATYPE_ID)
        return tlz_metadata_id(a) && tlz_metadata_id(b) &&
               !memcmp(tlz_metadata_id(a), tlz_metadata_id(b), 16);
    if (tlz_meta_tags[tag].type != TLZ_METATYPE_TEXT)
        return tlz_metadata_number(a, tag, &m) && tlz_metadata_number(b, tag, &n) && m == n;
    x = tlz_metadata_text(a, tag, &x_size);
    y = tlz_metadata_text(b, tag, &y_size);
    return x && y && x_size == y_size && !memcmp(x, y, x_size);
}

/* Divides what a line tells: the first one's file tags are the file's, and only other ones a
 * source's. */
static int divide(struct jsonl_capture *c, const struct tlz_metadata *all,
                  struct tlz_metadata *ret_source)
{
    bool first = !c->writer;
    int r = 0;

    for (enum tlz_meta_tag tag = 0; r == 0 && tag < TLZ_META_ENDED_US; tag++) {
        if (is_of_file(tag) && first)
            r = metadata_copy_tag(c->file, all, tag);
        else if (!is_of_file(tag) || !is_same(c->file, all, tag))
            r = metadata_copy_tag(ret_source, all, tag);
    }
    return r;
}

/* The place of that number among the sources, or where it belongs. */
static size_t source_place(const struct jsonl_capture *c, uint64_t number)
{
    size_t low = 0, high = c->source_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->sources[middle].in_lines < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_source(const struct jsonl_capture *c, size_t place, uint64_t number)
{
    return place < c->source_count && c->sources[place].in_lines == number;
}

/* From now on the number stands for this source. 0 or -ENOMEM. */
static int number_source(struct jsonl_capture *c, uint64_t number, uint32_t in_capture)
{
    size_t place = source_place(c, number);

    if (!is_source(c, place, number)) {
        if (recording_grow(&c->sources, c->source_count, sizeof *c->sources) < 0)
            return -ENOMEM;
        memmove(c->sources + place + 1, c->sources + place,
                (c->source_count - place) * sizeof *c->sources);
        c->source_count++;
    }
    c->sources[place] = (struct source_number){number, in_capture};
    return 0;
}

static int add_source(struct jsonl_capture *c, uint64_t number, const struct tlz_metadata *meta)
{
    int r = jsonl_open_writer(c);

    if (r == 0)
        r = tlz_writer_add_source(c->writer, meta, &c->current);
    return r < 0 ? r : number_source(c, number, c->current);
}

/* {"type":"capture"}: a recording; the rows that follow are its. */
static int add_capture(struct jsonl_capture *c, json_t *object)
{
    _cleanup_(free_metadata) struct tlz_metadata *all = tlz_metadata_new();
    _cleanup_(free_metadata) struct tlz_metadata *own = tlz_metadata_new();
    uint64_t number = c->source_count + 1;
    int r = all && own ? json_to_metadata(object, all, &c->problem) : -ENOMEM;

    if (r == 0)
        r = json_get_u64(object, "source", UINT32_MAX, &number, &c->problem);
    if (r == 0)
        r = divide(c, all, own);
    return r < 0 ? r : add_source(c, number, own);
}

int jsonl_need_source(struct jsonl_capture *c)
{
    _cleanup_(free_metadata) struct tlz_metadata *none = NULL;

    if (c->current != 0)
        return 0;
    none = tlz_metadata_new();
    return none ? add_source(c, 1, none) : -ENOMEM;
}

/* The source that the line names, or the current one. */
static int find_source(struct jsonl_capture *c, json_t *object, uint32_t *ret)
{
    uint64_t number = 0;
    size_t place;
    int r = jsonl_need_source(c);

    *ret = c->current;
    if (r == 0)
        r = json_get_u64(object, "source", UINT32_MAX, &number, &c->problem);
    if (r < 0 || !json_object_get(object, "source"))
        return r;
    place = source_place(c, number);
    if (!is_source(c, place, number))
        return json_problem_set(&c->problem, "there is no capture line with source %" PRIu64,
                                number);
    *ret = c->sources[place].in_capture;
    return 0;
}

/* {"type":"source"}: the rows that follow are of another recording. */
static int turn_to_source(struct jsonl_capture *c, json_t *object)
{
    return find_source(c, object, &c->current);
}

static int parse_cause(struct jsonl_capture *c, json_t *object, struct tlz_loss *loss)
{
    const json_t *value = json_object_get(object, "cause");
    uint64_t number = TLZ_LOSS_UNKNOWN;

    for (int cause = 0; json_is_string(value); cause++) {
        const char *name = tlz_loss_cause_name((enum tlz_loss_cause)cause);

        if (!name)
            return json_problem_set(&c->problem, "'cause' cannot be '%s'",
                                    json_string_value(value));
        if (!strcmp(name, json_string_value(value))) {
            loss->cause = (enum tlz_loss_cause)cause;
            return 0;
        }
    }
    loss->cause = TLZ_LOSS_UNKNOWN;
    if (json_get_u64(object, "cause", UINT32_MAX, &number, &c->problem) < 0)
        return -EBADMSG;
    loss->cause = (enum tlz_loss_cause)number;
    return 0;
}

/* Of what rows it is; of sessions where that is not said. */
static int parse_of(struct jsonl_capture *c, const json_t *object, enum tlz_kind *ret)
{
    const json_t *value = json_object_get(object, "of");

    *ret = TLZ_SESSIONS;
    if (!value)
        return 0;
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS && json_is_string(value); kind++) {
        if (!strcmp(tlz_kinds[kind].name, json_string_value(value))) {
            *ret = kind;
            return 0;
        }
    }
    return json_problem_set(&c->problem, "'of' is not one of sessions, states");
}

static int add_loss(struct jsonl_capture *c, json_t *object)
{
    struct tlz_loss loss = {0};
    uint32_t source;
    int r = find_source(c, object, &source);

    if (r == 0)
        r = parse_of(c, object, &loss.kind);
    if (r == 0)
        r = parse_cause(c, object, &loss);
    if (r == 0)
        r = json_get_u64(object, "count", UINT64_MAX, &loss.count, &c->problem);
    if (r == 0)
        r = json_get_u64(object, "from_us", UINT64_MAX, &loss.from_us, &c->problem);
    if (r == 0)
        r = json_get_u64(object, "to_us", UINT64_MAX, &loss.to_us, &c->problem);
    return r < 0 ? r : tlz_writer_add_loss(c->writer, source, &loss);
}

static int parse_kind(struct jsonl_capture *c, json_t *object, enum tlz_name_kind *ret)
{
    const json_t *value = json_object_get(object, "kind");
    const char *kind = json_string_value(value);
    uint64_t number;
    static const struct {
        const char *name;
        enum tlz_name_kind kind;
    } kinds[] = {{"cgroup", TLZ_NAME_CGROUP}, {"netns", TLZ_NAME_NETNS}, {"uid", TLZ_NAME_UID}};

    for (size_t i = 0; kind && i < sizeof kinds / sizeof *kinds; i++) {
        if (!strcmp(kinds[i].name, kind)) {
            *ret = kinds[i].kind;
            return 0;
        }
    }
    if (!json_unwrap_u64(value, &number) || number > UINT32_MAX)
        return json_problem_set(&c->problem, "'kind' is not one of cgroup, netns, uid");
    *ret = (enum tlz_name_kind)number;
    return 0;
}

static int add_name(struct jsonl_capture *c, json_t *object)
{
    _cleanup_(free_pointer) char *text = NULL;
    struct tlz_name name = {0};
    uint32_t source;
    int r = find_source(c, object, &source);

    if (r == 0)
        r = parse_kind(c, object, &name.kind);
    if (r == 0)
        r = json_get_u64(object, "id", UINT64_MAX, &name.id, &c->problem);
    if (r == 0)
        r = json_to_bytes(json_object_get(object, "name"), "name", &text, &name.size, &c->problem);
    if (r == 0 && name.size > TLZ_NAME_MAX)
        r = json_problem_set(&c->problem, "'name' is longer than %u bytes", TLZ_NAME_MAX);
    if (r < 0)
        return r;
    name.text = text;
    return tlz_writer_add_name(c->writer, source, &name);
}

/* {"type":"end"}: how the recording ended; "clean_end":false when it did not. */
static int add_end(struct jsonl_capture *c, json_t *object)
{
    _cleanup_(free_metadata) struct tlz_metadata *all = NULL;
    const json_t *ended = json_object_get(object, "clean_end");
    int r;

    if (ended && !json_is_boolean(ended))
        return json_problem_set(&c->problem, "'clean_end' is neither true nor false");
    if (ended && json_is_false(ended))
        c->has_no_end = true;
    all = tlz_metadata_new();
    if (!all)
        return -ENOMEM;
    r = json_to_metadata(object, all, &c->problem);
    return r < 0 ? r : metadata_merge_end(c->end, all);
}

/* Damage of the capture that the lines were made from: there is none in this one. */
static int pass_over(struct jsonl_capture *c, json_t *object)
{
    (void)c;
    (void)object;
    return 0;
}

static const struct line_type line_types[] = {
    {"capture", add_capture}, {"source", turn_to_source}, {"loss", add_loss},
    {"name", add_name},       {"end", add_end},           {"damage", pass_over},
};

const struct line_type *jsonl_line_type(const char *name)
{
    for (size_t i = 0; i < sizeof line_types / sizeof *line_types; i++)
        if (!strcmp(line_types[i].name, name))
            return &line_types[i];
    return NULL;
}
