/* SPDX-License-Identifier: BSD-2-Clause */
/* Metadata as the body of a block: tag (u16), length (u32), value, again and again. */
#ifndef TLZ_METADATA_BLOCK_H
#define TLZ_METADATA_BLOCK_H

#include "format/metadata.h"
#include "format/wire.h"

/* Appends every value that is set. body->failed tells when memory is out. */
void metadata_encode(const struct tlz_metadata *meta, struct wire_buffer *body);

/*
 * Adds the values of a body to meta, which must be empty; tags of a newer version are skipped.
 * 0, -TLZ_E_SYNTAX, -TLZ_E_LIMIT, or -ENOMEM.
 */
int metadata_decode(struct tlz_metadata *meta, const uint8_t *body, size_t size);

#endif
