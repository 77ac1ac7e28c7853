/* SPDX-License-Identifier: BSD-2-Clause */
/* The capture file (.tlz): everything that a program needs to write or read one. docs/FORMAT.md
 * specifies it. */
#ifndef TLZ_TLZ_H
#define TLZ_TLZ_H

#include "format/block.h"
#include "format/decoder.h"
#include "format/error.h"
#include "format/field.h"
#include "format/metadata.h"
#include "format/reader.h"
#include "format/row.h"
#include "format/writer.h"

#endif
