/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a capture: a stream of blocks, append-only, never seeking. One writer, one thread.
 *
 * A block that the output does not take is given up, and with it the rows that were to be in it:
 * the call returns the output's error, and the next call begins a new block, with the same sequence
 * number. What was flushed before is readable.
 */
#ifndef TLZ_WRITER_H
#define TLZ_WRITER_H

#include "format/block.h"
#include "format/metadata.h"
#include "format/row.h"

struct tlz_writer;

/*
 * Where blocks go. `write` takes all `size` bytes and returns 0; or it takes none of them and
 * returns a negative errno. One that cannot undo what it took of them must fail from then on.
 */
struct tlz_output {
    int (*write)(void *context, const void *data, size_t size);
    void *context;
};

struct tlz_writer_options {
    int level;     /* of zstd, 1 to 19; 0 = the default, 1 */
    uint32_t salt; /* of the file, a random number; 0 = one that follows from the capture's id */
};

/* What was written so far. */
struct tlz_rows_stats {
    uint64_t written; /* in blocks that were written */
    uint64_t pending; /* added and not yet written */
    uint64_t dropped; /* added, in blocks that the output did not take */
    uint64_t lost;    /* sum of the losses added */
};

struct tlz_writer_stats {
    struct tlz_rows_stats of[TLZ_KINDS];
    uint64_t bytes;  /* written, preamble included */
    uint64_t blocks; /* written, of every type */
};

/*
 * Starts a capture: writes the preamble and the metadata of the file itself. `file` needs at least
 * TLZ_META_CAPTURE_ID. Returns 0 and *ret, or -ENOMEM, -EINVAL, or the output's error.
 */
int tlz_writer_open(struct tlz_writer **ret, const struct tlz_output *output,
                    const struct tlz_writer_options *options, const struct tlz_metadata *file);

/* Frees it without writing anything (NULL is fine) and returns NULL. */
struct tlz_writer *tlz_writer_free(struct tlz_writer *w);

/*
 * Adds a source (a host's recording) and writes its metadata. Sources are numbered from 1. 0 and
 * *ret_source, or an error: -ENOSPC past TLZ_SOURCES_MAX.
 */
int tlz_writer_add_source(struct tlz_writer *w, const struct tlz_metadata *meta,
                          uint32_t *ret_source);

/*
 * Adds a row of that source: a session, or a change of state, of which each have blocks of their
 * own. Its times are of `clock`; a clock or a source other than the last call's for that kind
 * closes the block first. A full block is written at once. Values of derived fields and of fields
 * of another kind are ignored. 0; or the error of the block that was to be written, and the row
 * counts as added; or -EINVAL when the kind's time, laddr, raddr, lport or rport is absent, or an
 * integer is out of the field's range, and it is not added. The range of times is that of Unix
 * times; one other than the kind's time that is out of it is left out. -ENOMEM: it is not added.
 */
int tlz_writer_add_row(struct tlz_writer *w, enum tlz_kind kind, uint32_t source,
                       const struct tlz_clock *clock, const struct tlz_row *row);

/* Each writes a block at once, after the rows added before. 0 or an error: it is not written.
 */
int tlz_writer_add_loss(struct tlz_writer *w, uint32_t source, const struct tlz_loss *loss);
int tlz_writer_add_name(struct tlz_writer *w, uint32_t source, const struct tlz_name *name);

/* As tlz_writer_add_name(), but before the rows that were added and are not written yet: who
 * reads a pipe knows the name when they come. */
int tlz_writer_add_name_before(struct tlz_writer *w, uint32_t source, const struct tlz_name *name);

/* Writes the rows added so far, those of each kind, and tells the first error. 0 or an error: they
 * are dropped. */
int tlz_writer_flush(struct tlz_writer *w);

/* A block of rows, losses or a name, as a writer's output gets it. */
struct tlz_copied_block {
    enum tlz_block_type type;
    uint32_t rows;
    const uint8_t *body;
    size_t size;
};

/*
 * What one write of a writer's output is, when it is a block: 0 and *ret, whose body is in `data`;
 * or -TLZ_E_NO_BLOCK (the preamble), -TLZ_E_CUT, -TLZ_E_CHECKSUM, -TLZ_E_LIMIT.
 */
int tlz_copied_block_read(const void *data, size_t size, struct tlz_copied_block *ret);

/*
 * Adds a block that another writer has made, as a block of that source, behind the rows that were
 * added before it. 0, or a negative error: -EINVAL for a type that no writer's caller adds,
 * -TLZ_E_SYNTAX for a body that is none.
 */
int tlz_writer_copy_block(struct tlz_writer *w, uint32_t source,
                          const struct tlz_copied_block *block);

/*
 * Ends the capture: flushes and writes the end block, with `end` (which may be NULL) and the
 * totals, which replace those in it. Only tlz_writer_stats() and tlz_writer_free() may follow.
 */
int tlz_writer_finish(struct tlz_writer *w, const struct tlz_metadata *end);

void tlz_writer_stats(const struct tlz_writer *w, struct tlz_writer_stats *ret);

#endif
