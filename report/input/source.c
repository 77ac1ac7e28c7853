/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/source.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "util/message.h"

static const struct source_type *const source_types[] = {&source_tlz, &source_jsonl};

struct source {
    const struct source_type *type;
    struct input *input;
    struct tlz_input bytes;
    void *state;
    struct tlz_reader *reader;
};

const struct source_type *source_type_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof source_types / sizeof *source_types; i++)
        if (!strcmp(source_types[i]->name, name))
            return source_types[i];
    return NULL;
}

/* Says why nothing of it can be read. */
static void say(const struct source *source, int error)
{
    const struct source_type *type = source->type;
    const char *problem = type->problem && source->state ? type->problem(source->state) : NULL;
    const char *name = source->input->name;

    if (problem)
        message_error("%s: %s", name, problem);
    else if (error == -TLZ_E_NOT_A_CAPTURE && source->input->bytes == 0)
        message_error("%s: empty", name);
    else if (error == -TLZ_E_NOT_A_CAPTURE && source->input->first_byte == '{')
        message_error("%s: %s; for JSON lines there is --input jsonl", name, tlz_strerror(error));
    else if (error == -TLZ_E_CUT)
        message_error("%s: it ends at byte %" PRIu64 ", inside of its preamble", name,
                      source->input->bytes);
    else
        message_error("%s: %s", name, tlz_strerror(error));
}

void source_say(const struct source *source, const struct tlz_item *item, int error)
{
    if (error == -TLZ_E_NEWER)
        message_error("%s: from byte %" PRIu64 " on it %s; only what stands before that is read",
                      source->input->name, item->offset, tlz_strerror(error));
    else
        say(source, error);
}

int source_open(struct source **ret, const struct source_type *type, struct input *input,
                const struct selection *selection)
{
    struct source *source = calloc(1, sizeof *source);
    int r;

    if (!source) {
        message_error("%s: %s", input->name, tlz_strerror(-ENOMEM));
        return -ENOMEM;
    }
    source->type = type;
    source->input = input;
    r = type->open(&source->bytes, &source->state, input);
    if (r == 0)
        r = tlz_reader_open(&source->reader, &source->bytes);
    if (r < 0) {
        if (r != -EAGAIN)
            say(source, r);
        source_free(source);
        return r;
    }
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        tlz_reader_select(source->reader, kind, &selection->fields[kind]);
    tlz_reader_window(source->reader, selection->from_us, selection->to_us);
    tlz_reader_pass(source->reader, selection->pass, selection);
    if (selection->verify)
        tlz_reader_verify(source->reader);
    *ret = source;
    return 0;
}

struct source *source_free(struct source *source)
{
    if (source) {
        tlz_reader_free(source->reader);
        if (source->type->free)
            source->type->free(source->state);
        free(source);
    }
    return NULL;
}

uint64_t source_offset(const struct source *source)
{
    return tlz_reader_offset(source->reader);
}

int source_next(struct source *source, struct tlz_item *ret)
{
    return tlz_reader_next(source->reader, ret);
}

void source_defer(struct source *source)
{
    tlz_reader_defer(source->reader);
}

bool source_unknown(struct source *source, struct tlz_decoder *decoder, struct tlz_item *ret)
{
    return tlz_decoder_unknown(decoder, source->reader, ret);
}
