/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz_session.h"

#include "fuzz.h"

static bool is_same(const struct tlz_session *a, const struct tlz_session *b, enum tlz_field f)
{
    if (tlz_session_has(a, f) != tlz_session_has(b, f))
        return false;
    if (!tlz_session_has(a, f))
        return true;
    return tlz_type_is_bytes(tlz_fields[f].type)
               ? !memcmp(&a->value[f].bytes, &b->value[f].bytes, sizeof a->value[f].bytes)
               : a->value[f].u == b->value[f].u;
}

static bool service_is_right(const struct tlz_session *written, const struct tlz_session *read)
{
    uint64_t direction = tlz_session_has(written, TLZ_DIRECTION) ? written->value[TLZ_DIRECTION].u
                                                                 : TLZ_DIRECTION_UNKNOWN;
    enum tlz_field port = direction == TLZ_DIRECTION_IN ? TLZ_LPORT : TLZ_RPORT;

    if (direction != TLZ_DIRECTION_IN && direction != TLZ_DIRECTION_OUT)
        return !tlz_session_has(read, TLZ_SERVICE);
    return tlz_session_has(read, TLZ_SERVICE) &&
           read->value[TLZ_SERVICE].u == written->value[port].u;
}

void check_session_kept(const struct tlz_session *written, const struct tlz_session *read)
{
    TLZ_FOREACH_FIELD(f) {
        if (tlz_fields[f].number && f != TLZ_SERVICE)
            assert(is_same(written, read, f));
    }
    assert(service_is_right(written, read));
}
