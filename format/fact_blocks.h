/* SPDX-License-Identifier: BSD-2-Clause */
/* The bodies of loss and name blocks: docs/FORMAT.md, section 8. */
#ifndef TLZ_FACT_BLOCKS_H
#define TLZ_FACT_BLOCKS_H

#include "format/block.h"
#include "format/wire.h"

void loss_encode(const struct tlz_loss *loss, struct wire_buffer *body);

/* 0 or -TLZ_E_SYNTAX. Of what they are, the type of the block tells: ret->kind is left alone. */
int loss_decode(const uint8_t *body, size_t size, struct tlz_loss *ret);

/* The name has at most TLZ_NAME_MAX bytes. */
void name_encode(const struct tlz_name *name, struct wire_buffer *body);

/* 0, and ret->text points into the body and has no NUL behind it; or -TLZ_E_SYNTAX, -TLZ_E_LIMIT.
 */
int name_decode(const uint8_t *body, size_t size, struct tlz_name *ret);

#endif
