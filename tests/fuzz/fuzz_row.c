/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz_row.h"

#include "fuzz.h"

void row_as_stored(enum tlz_kind kind, struct tlz_row *session)
{
    uint64_t direction = tlz_row_has(session, TLZ_DIRECTION) ? session->value[TLZ_DIRECTION].u
                                                             : TLZ_DIRECTION_UNKNOWN;

    if (kind != TLZ_SESSIONS)
        return;
    if (direction == TLZ_DIRECTION_IN)
        tlz_row_set(session, TLZ_SERVICE, session->value[TLZ_LPORT].u);
    else if (direction == TLZ_DIRECTION_OUT)
        tlz_row_set(session, TLZ_SERVICE, session->value[TLZ_RPORT].u);
    else
        tlz_fieldset_remove(&session->present, TLZ_SERVICE);
}

void check_same_row(enum tlz_kind kind, const struct tlz_row *a, const struct tlz_row *b)
{
    TLZ_FOREACH_FIELD(f) {
        if (!tlz_fields[f].number || !tlz_fieldset_has(&tlz_kinds[kind].fields, f))
            continue;
        assert(tlz_row_has(a, f) == tlz_row_has(b, f));
        if (!tlz_row_has(a, f))
            continue;
        if (tlz_type_is_bytes(tlz_fields[f].type))
            assert(!memcmp(&a->value[f].bytes, &b->value[f].bytes, sizeof a->value[f].bytes));
        else
            assert(a->value[f].u == b->value[f].u);
    }
}
