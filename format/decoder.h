/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes blocks of rows apart from the reader that found them: tlz_reader_defer(). Several
 * decoders may run at the same time, each in a thread of its own.
 */
#ifndef TLZ_DECODER_H
#define TLZ_DECODER_H

#include "format/reader.h"

struct tlz_decoder;

/* 0 and *ret, or -ENOMEM. */
int tlz_decoder_open(struct tlz_decoder **ret);

/* Frees it (NULL is fine) and returns NULL. */
struct tlz_decoder *tlz_decoder_free(struct tlz_decoder *d);

/* Takes a deferred block, of which the reader may go on. 0 or -ENOMEM. */
int tlz_decoder_take(struct tlz_decoder *d, const struct tlz_item *item);

/*
 * Decodes the fields of its kind: 1 and the item as the reader would have delivered it, rows or
 * damage; or -ENOMEM. The batch is the decoder's and valid until it takes the next block.
 */
int tlz_decoder_run(struct tlz_decoder *d, const struct tlz_fieldset fields[TLZ_KINDS],
                    struct tlz_item *ret);

/* An unknown column of the block that the reader told nothing of yet: true and its item. Call until
 * it returns false. */
bool tlz_decoder_unknown(struct tlz_decoder *d, struct tlz_reader *reader, struct tlz_item *ret);

#endif
