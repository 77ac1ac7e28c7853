/* SPDX-License-Identifier: BSD-2-Clause */
/* The body of a block of sessions, or of changes of state: docs/FORMAT.md, section 6. */
#ifndef TLZ_ROWS_BLOCK_H
#define TLZ_ROWS_BLOCK_H

#include "format/rows_builder.h"
#include "format/wire.h"

#define ROWS_HEAD_SIZE 48
#define ROWS_JOINT     0x01 /* head flag: the content is one zstd frame */

struct rows_encoder;
struct rows_decoder;

/* 0 and *ret, or -ENOMEM. level is zstd's. */
int rows_encoder_open(struct rows_encoder **ret, int level);
struct rows_encoder *rows_encoder_free(struct rows_encoder *e);

/* Appends the body for the builder's rows, of which there is at least one. 0 or -ENOMEM. */
int rows_encode(struct rows_encoder *e, const struct rows_builder *b, struct wire_buffer *body);

/* Reads the head of a body of so many rows: 0 and the clock and times of *ret_batch; -TLZ_E_SYNTAX;
 * -TLZ_E_LIMIT; or -TLZ_E_NEWER with a flag that this version does not know. */
int rows_parse_head(const uint8_t *body, size_t size, uint32_t rows, struct tlz_batch *ret_batch);

int rows_decoder_open(struct rows_decoder **ret);
struct rows_decoder *rows_decoder_free(struct rows_decoder *d);

/*
 * Decodes the selected fields of a body of that many rows of a kind, derived ones too. 0 and
 * ret_batch's columns, clock and rows, which are the decoder's and valid until its next call; or
 * -TLZ_E_SYNTAX, -TLZ_E_LIMIT, -TLZ_E_ZSTD, -ENOMEM.
 */
int rows_decode(struct rows_decoder *d, enum tlz_kind kind, const uint8_t *body, size_t size,
                uint32_t rows, const struct tlz_fieldset *fields, struct tlz_batch *ret_batch);

/*
 * A column that this version does not know, found by the last call of rows_decode(); call until
 * it returns false.
 */
bool rows_decoder_unknown(struct rows_decoder *d, uint64_t *ret_number);

/* Whether the block that was decoded last has such columns. */
bool rows_decoder_has_unknown(const struct rows_decoder *d);

#endif
