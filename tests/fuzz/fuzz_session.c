/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz_session.h"

#include "fuzz.h"

void session_as_stored(struct tlz_row *session)
{
    uint64_t direction = tlz_row_has(session, TLZ_DIRECTION) ? session->value[TLZ_DIRECTION].u
                                                             : TLZ_DIRECTION_UNKNOWN;

    if (direction == TLZ_DIRECTION_IN)
        tlz_row_set(session, TLZ_SERVICE, session->value[TLZ_LPORT].u);
    else if (direction == TLZ_DIRECTION_OUT)
        tlz_row_set(session, TLZ_SERVICE, session->value[TLZ_RPORT].u);
    else
        tlz_fieldset_remove(&session->present, TLZ_SERVICE);
}

void check_same_row(enum tlz_kind kind, const struct tlz_row *a, const struct tlz_row *b)
{
    for (size_t i = 0; i < tlz_kinds[kind].count; i++) {
        enum tlz_field f = tlz_kinds[kind].order[i];

        if (!tlz_fields[f].number)
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

void check_same_session(const struct tlz_row *a, const struct tlz_row *b)
{
    check_same_row(TLZ_SESSIONS, a, b);
}
