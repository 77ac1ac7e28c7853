/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/fact_blocks.h"

#include "format/error.h"

void loss_encode(const struct tlz_loss *loss, struct wire_buffer *body)
{
    wire_put32(body, (uint32_t)loss->cause);
    wire_put64(body, loss->count);
    wire_put64(body, loss->from_us);
    wire_put64(body, loss->to_us);
}

int loss_decode(const uint8_t *body, size_t size, struct tlz_loss *ret)
{
    struct wire_cursor c = {body, body + size, false};

    ret->cause = (enum tlz_loss_cause)wire_take32(&c);
    ret->count = wire_take64(&c);
    ret->from_us = wire_take64(&c);
    ret->to_us = wire_take64(&c);
    return c.bad ? -TLZ_E_SYNTAX : 0;
}

void name_encode(const struct tlz_name *name, struct wire_buffer *body)
{
    wire_put32(body, (uint32_t)name->kind);
    wire_put64(body, name->id);
    wire_put32(body, (uint32_t)name->size);
    wire_put(body, name->text, name->size);
}

int name_decode(const uint8_t *body, size_t size, struct tlz_name *ret)
{
    struct wire_cursor c = {body, body + size, false};

    ret->kind = (enum tlz_name_kind)wire_take32(&c);
    ret->id = wire_take64(&c);
    ret->size = wire_take32(&c);
    if (ret->size > TLZ_NAME_MAX)
        return -TLZ_E_LIMIT;
    ret->text = (const char *)wire_take(&c, ret->size);
    return ret->text ? 0 : -TLZ_E_SYNTAX;
}

const char *tlz_loss_cause_name(enum tlz_loss_cause cause)
{
    switch (cause) {
    case TLZ_LOSS_UNKNOWN:
        return "unknown";
    case TLZ_LOSS_RING_FULL:
        return "ring-full";
    case TLZ_LOSS_NO_STORAGE:
        return "no-storage";
    case TLZ_LOSS_WRITE_ERROR:
        return "write-error";
    case TLZ_LOSS_UNSEEN:
        return "unseen";
    }
    return NULL;
}
