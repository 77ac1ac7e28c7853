# SPDX-License-Identifier: BSD-2-Clause
"""--anonymize once more, from what docs/DESIGN.md says of it: AES-128, Crypto-PAn, numbers and names by a key."""
import functools
import hmac
import ipaddress

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
CLASSES = {name: number for number, name in enumerate(
    "none key pid uid netns cgroup cookie socket mark interface comm host boot capture congestion".split())}
SPECIALS = [ipaddress.ip_network(text) for text in ("0.0.0.0/32", "127.0.0.0/8", "169.254.0.0/16", "::/128", "::1/128",
                                                    "::ffff:0:0/96", "fe80::/64", "fe80::/10")]
LINK_LOCAL = (SPECIALS[2], SPECIALS[6], SPECIALS[7])


def times_x(a):
    return (a << 1 ^ (0x11b if a & 0x80 else 0)) & 0xff


def s_box():
    """FIPS 197, 5.1.1, by powers of 3, which is a generator."""
    powers, logarithms, a = [], {}, 1
    for i in range(255):
        powers.append(a)
        logarithms[a] = i
        a ^= times_x(a)
    box = []
    for a in range(256):
        inverse = powers[-logarithms[a] % 255] if a else 0
        box.append(0x63 ^ inverse ^ functools.reduce(
            lambda x, n: x ^ ((inverse << n | inverse >> 8 - n) & 0xff), range(1, 5), 0))
    return box


BOX = s_box()


class Aes128:
    """FIPS 197, encryption alone."""

    def __init__(self, key):
        words, constant = [list(key[i:i + 4]) for i in range(0, 16, 4)], 1
        for i in range(4, 44):
            word = words[-1]
            if i % 4 == 0:
                word = [BOX[b] for b in word[1:] + word[:1]]
                word[0] ^= constant
                constant = times_x(constant)
            words.append([a ^ b for a, b in zip(word, words[i - 4])])
        self.rounds = [sum(words[i:i + 4], []) for i in range(0, 44, 4)]

    def encrypt(self, block):
        state = [a ^ b for a, b in zip(block, self.rounds[0])]
        for number, round_key in enumerate(self.rounds[1:], 1):
            state = [BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
            if number < 10:
                columns = (state[i:i + 4] for i in range(0, 16, 4))
                state = [times_x(c[i]) ^ times_x(c[i - 3]) ^ c[i - 3] ^ c[i - 2] ^ c[i - 1]
                         for c in columns for i in range(4)]
            state = [a ^ b for a, b in zip(state, round_key)]
        return bytes(state)


class CryptoPan:
    """With a key of 32 bytes, as published; with one of 16 besides, each number of bits has a mask of its own."""

    def __init__(self, key, separate_key=None):
        self.aes = Aes128(key[:16])
        self.pad = int.from_bytes(self.aes.encrypt(key[16:]), "big")
        separate = separate_key and Aes128(separate_key)
        self.masks = [int.from_bytes(separate.encrypt(bytes([bits]) + bytes(15)), "big") if separate else 0
                      for bits in range(128)]
        self.changes = {}

    def change(self, prefix, bits):
        """Whether the bit behind these changes."""
        if (prefix, bits) not in self.changes:
            block = (prefix << 128 - bits | self.pad & (1 << 128 - bits) - 1) ^ self.masks[bits]
            self.changes[prefix, bits] = self.aes.encrypt(block.to_bytes(16, "big"))[0] >> 7
        return self.changes[prefix, bits]

    def address(self, address):
        width, number, result = address.max_prefixlen, int(address), 0
        for bits in range(width):
            bit = number >> width - 1 - bits & 1
            result = result << 1 | bit ^ self.change(number >> width - bits, bits)
        return type(address)(result)


class Anonymous:
    """What a key of 32 bytes makes of values."""

    def __init__(self, key):
        derived = {label: hmac.digest(key, f"tcplife {label} 1".encode(), "sha256") for label in (
            "pseudonyms", "IPv4 addresses", "IPv4 blocks", "IPv6 addresses", "IPv6 blocks")}
        self.pans = {version: CryptoPan(derived[f"IPv{version} addresses"], derived[f"IPv{version} blocks"][:16])
                     for version in (4, 6)}
        self.own = derived["pseudonyms"]
        self.own_aes = Aes128(self.own[:16])

    def crypto_pan(self, address):
        return self.pans[address.version].address(address)

    def lands_on_special(self, address):
        """Whether it is no special one, and is encrypted more than once."""
        return not is_special(address) and is_special(self.crypto_pan(address))

    def address(self, address):
        kind = special(address)
        if kind is not None and kind not in LINK_LOCAL:
            return address
        while True:
            address = self.crypto_pan(address)
            if kind is not None:
                address = type(address)(int(kind[0]) | int(address) & int(kind.hostmask))
            if special(address) == kind:
                return address

    def permuted(self, number, kind, width):
        half = width // 2
        left, right = number >> half, number & (1 << half) - 1
        for turn in range(10):
            block = bytes([CLASSES[kind], width, turn, 0]) + right.to_bytes(4, "little") + bytes(8)
            mixed = int.from_bytes(self.own_aes.encrypt(block)[:4], "little") & (1 << half) - 1
            left, right = right, left ^ mixed
        return left << half | right

    def number(self, number, kind):
        if number == 0:
            return 0
        width = next(width for width in (22, 32, 48, 64) if number < 1 << width)
        least = {22: 1, 32: 1 << 22, 48: 1 << 32, 64: 1 << 48}[width]
        number = self.permuted(number, kind, width)
        while number < least:
            number = self.permuted(number, kind, width)
        return number

    def digest(self, data, kind):
        return hmac.digest(self.own, bytes([CLASSES[kind]]) + data, "sha256")

    def name(self, name, kind):
        return "".join(LETTERS[b % 32] for b in self.digest(name, kind)[:10]).encode()

    def id(self, data):
        return self.digest(data, "capture")[:16]


def special(address):
    """The first of the networks that have it, or None."""
    return next((network for network in SPECIALS if network.version == address.version and address in network), None)


def is_special(address):
    return special(address) is not None


assert Aes128(bytes(range(16))).encrypt(bytes.fromhex("00112233445566778899aabbccddeeff")).hex() == \
    "69c4e0d86a7b0430d8cdb78070b4c55a"  # FIPS 197, appendix C.1
