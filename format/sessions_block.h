/* SPDX-License-Identifier: BSD-2-Clause */
/* The body of a block of sessions: docs/FORMAT.md, section 6. */
#ifndef TLZ_SESSIONS_BLOCK_H
#define TLZ_SESSIONS_BLOCK_H

#include "format/sessions_builder.h"
#include "format/wire.h"

#define SESSIONS_HEAD_SIZE 48
#define SESSIONS_JOINT     0x01 /* head flag: the content is one zstd frame */

struct sessions_encoder;
struct sessions_decoder;

/* 0 and *ret, or -ENOMEM. level is zstd's. */
int sessions_encoder_open(struct sessions_encoder **ret, int level);
struct sessions_encoder *sessions_encoder_free(struct sessions_encoder *e);

/* Appends the body for the builder's sessions, of which there is at least one. 0 or -ENOMEM. */
int sessions_encode(struct sessions_encoder *e, const struct sessions_builder *b,
                    struct wire_buffer *body);

/* Reads the head of a body: 0 and the clock and times of *ret_batch; -TLZ_E_SYNTAX; or -TLZ_E_NEWER
 * with a flag that this version does not know. */
int sessions_parse_head(const uint8_t *body, size_t size, struct tlz_batch *ret_batch);

int sessions_decoder_open(struct sessions_decoder **ret);
struct sessions_decoder *sessions_decoder_free(struct sessions_decoder *d);

/*
 * Decodes the selected fields of a body of that many sessions, derived ones too. 0 and ret_batch's
 * columns, clock and rows, which are the decoder's and valid until its next call; or -TLZ_E_SYNTAX,
 * -TLZ_E_LIMIT, -TLZ_E_ZSTD, -ENOMEM.
 */
int sessions_decode(struct sessions_decoder *d, const uint8_t *body, size_t size, uint32_t rows,
                    const struct tlz_fieldset *fields, struct tlz_batch *ret_batch);

/*
 * A column that this version does not know, found by the last call of sessions_decode(); call until
 * it returns false.
 */
bool sessions_decoder_unknown(struct sessions_decoder *d, uint64_t *ret_number);

#endif
