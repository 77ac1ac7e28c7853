/* SPDX-License-Identifier: BSD-2-Clause */
#include "util/codepoint.h"

struct range {
    uint32_t first, last;
};

/* In ascending order. Combining marks are those of the blocks made of nothing else. */
static const struct range unprintable[] = {
    {0x0000, 0x001f},    {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x0300, 0x036f},   {0x0483, 0x0489},
    {0x0591, 0x05bd},    {0x0600, 0x0605}, {0x061c, 0x061c}, {0x06dd, 0x06dd},   {0x070f, 0x070f},
    {0x115f, 0x1160},    {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x1ab0, 0x1aff},   {0x1dc0, 0x1dff},
    {0x200b, 0x200f},    {0x2028, 0x202e}, {0x2060, 0x206f}, {0x20d0, 0x20ff},   {0x3164, 0x3164},
    {0xd800, 0xf8ff},    {0xfdd0, 0xfdef}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},   {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},    {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0000, 0x10ffff},
};

/* East Asian wide and full-width blocks, and pictures. */
static const struct range wide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97f},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
    {0x20000, 0x3fffd},
};

size_t codepoint_decode(const uint8_t *bytes, size_t size, uint32_t *ret)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t first = bytes[0];
    size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    uint32_t codepoint = length == 1 ? first : first & (0x7fu >> length);

    if (length == 0 || first > 0xf4 || length > size)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        codepoint = codepoint << 6 | (bytes[i] & 0x3fu);
    }
    if (codepoint < least[length] || codepoint > 0x10ffff ||
        (codepoint >= 0xd800 && codepoint <= 0xdfff))
        return 0;
    *ret = codepoint;
    return length;
}

static bool is_in(uint32_t codepoint, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count && ranges[i].first <= codepoint; i++)
        if (codepoint <= ranges[i].last)
            return true;
    return false;
}

bool codepoint_is_printable(uint32_t codepoint)
{
    if (codepoint >= 0x20 && codepoint < 0x7f)
        return true;
    /* The last two of each plane are no characters. */
    if ((codepoint & 0xfffe) == 0xfffe)
        return false;
    return !is_in(codepoint, unprintable, sizeof unprintable / sizeof *unprintable);
}

unsigned int codepoint_width(uint32_t codepoint)
{
    return is_in(codepoint, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}
