/* SPDX-License-Identifier: BSD-2-Clause */
/* The body of a block of sessions, past its checksum: two bytes are the number of sessions, the
 * rest is the body. */
#include "format/sessions_block.h"
#include "fuzz.h"

/* Reads every value that the batch says it has. */
static uint64_t touch(const struct tlz_batch *batch)
{
    uint64_t sum = 0;

    for (uint32_t row = 0; row < batch->rows; row++) {
        struct tlz_session s;

        tlz_batch_session(batch, row, &s);
        TLZ_FOREACH_FIELD(f) {
            if (tlz_session_has(&s, f))
                sum +=
                    tlz_type_is_bytes(tlz_fields[f].type) ? s.value[f].bytes.b[15] : s.value[f].u;
        }
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sessions_decoder *d;
    static volatile uint64_t sink;
    struct tlz_fieldset all;
    struct tlz_batch batch;
    uint64_t unknown;

    memset(&all, 0xff, sizeof all);
    if (size < 2 || (!d && sessions_decoder_open(&d) < 0))
        return 0;
    if (sessions_decode(d, data + 2, size - 2, wire_load16(data) % (TLZ_ROWS_MAX + 1), &all,
                        &batch) == 0)
        sink += touch(&batch);
    while (sessions_decoder_unknown(d, &unknown))
        sink += unknown;
    return 0;
}
