"""Random replies, rich in what is counted in its own way: links, bare hosts, emoji, handles.

The same seed makes the same replies.
"""

import random

WORDS = (
    "Guten Tag", "bitte", "unplug it", "Grüße", "naïve", "z.B.", "u.a.", "Vgl.morgen",
    "Ja.Am Montag",
    "Hallo.um 5", "1.000 €", "24.12.2026", "v2.0.1", "d.h.", "Fußgänger", "Zoe\u0308", "cafe\u0301",
    "„so“", "‘x’", "—", "…", "•", "™", "©", "®", "½", "→", "✓", "!?", "#hilfe", "#WLAN-Box",
    "日本語", "こんにちは", "中文。", "한국어", "ไทย", "हिन्दी", "مرحبا", "שלום", "Привет", "Ελλάς",
    "e\u0301\u0323", "а\u0301", "ﷺ", "𝒳", "🄰", "Ⅳ", "١٢", "１２", "ｗｗｗ", "x_y", "a-b", "^an",
)
HOSTS = (
    "amselnetz.de", "www.amselnetz.de", "WWW.Amselnetz.DE", "status.amselnetz.example", "bit.ly",
    "t.co", "x.com", "example.com", "example.co.uk", "a.b.c.example.org", "foo-bar.info",
    "foo_bar.com",
    "a_b.example.com", "-foo.com", "foo-.com", "münchen.de", "müller-straße.de", "日本.jp", "例え.テスト",
    "bücher.example.com", "twitter.한국", "пример.рф", "ПРИМЕР.РФ", "xn--mller-kva.de", "xn--p1ai",
    "موقع.قطر", "foo.music", "foo.spiegel", "foo.nosuchtop", "localhost", "10.0.0.1", "a.um",
    "b.an",
    "example.comx", "example.com中国語", "日本語example.com", "éxample.com", "ıssız.com", "ſ.com",
    "K.com",
    "s" * 63 + ".com", "s" * 64 + ".com", "あ" * 24 + ".com", "あいうえお.com", "x..com", ".com", "com",
    "a.de.", "sub." * 9 + "example.net", "ma\u0308x.de", "☺.com", "1️⃣.de", "amsel\u200dnetz.de",
)
SCHEMES = ("", "", "", "https://", "http://", "HTTPS://", "ftp://", "//",
           "http:/", "@", "#", "$", ".")
PATHS = (
    "", "", "", "/", "/hilfe", "/hilfe/box?x=1&y=2", "/a_(b)", "/a_(b_(c))", "/a_(b", "/a)b",
    "/ü/ö",
    "/привет", "/日本", "/@amsel", "/@amsel/", "/a@b", "/~x", "/a.b.", "/a,b;c", "/%C3%BC", "/#top",
    "#top", "?q=ü", "?q=1", "?", "?!", "/?q=ıb", "/?q=a.b", "/ſ", "/K", ":8080", ":8080/x", ":x",
    "/AbC123", "/" + "a" * 41, "/x\u2013y", "/🙂", "/a/" + "b" * 90, "/[x]", "/a|b", "/*", "/!",
    "/'x'",
)
BEHIND = (
    "", "", ".", ",", ")", "…", "«", "“", "\"", "'s", "’s", "!", "?", ":", ";", "-", "_", "/", "&",
    "@",
    "®", "。", "、", "さん", "ist", " ", "\n", "\u00a0", "\u3000", "\u200d", "\ufe0f", "\u0301", ">",
    "]", "|",
)
EMOJI = (
    "😀", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "🇦🇦", "🇩", "🇩🇪🇫🇷", "1️⃣", "1⃣", "#️⃣", "❤️", "❤", "❤︎", "☎️",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁵󠁳󠁴󠁸󠁿", "🏳️‍🌈", "🏳‍🌈", "👩🏽‍💻", "👩‍💻️", "🧔‍♂️", "🧔‍♂", "🧑🏻‍❤️‍💋‍🧑🏿", "🐱‍☎", "🐱🏽",
    "🕵🏽‍♀️",
    "👨‍🦰", "🐻‍❄️", "❤️‍🔥", "🫱🏻‍🫲🏿", "🫷🏽", "🐦‍🔥", "🙂‍↔️", "👁️‍🗨️", "©️", "™️", "Ⓜ️", "㊗️", "✌️🏽",
    "✌🏽", "☺", "⛹🏿‍♂️",
    "🏽", "\ufe0f", "👨‍👩‍👧", "👨‍👩‍👧‍👧‍👧", "🤝🏽", "🧑🏽‍🤝‍🧑🏿", "👭🏽", "💏🏿", "🧑‍🎄", "🏴‍☠️", "😮‍💨", "😀️",
    "🇪🇺", "0️⃣*️⃣",
)
HANDLES = (
    "@AmselnetzHilfe", "＠AmselnetzHilfe", "@AmselnetzHilfeさん", "の@AmselnetzHilfe",
    "@Amselnetz/team",
    "@a_1", "RT@a", "rt:@b", "xRT@a", "f!@kn", "@@a", "@a@b", "@müller", "@aliceìn", "@１２", "@_@",
    "@averyveryverylonghandle", "@http://a.de", "@a://", ".@a", "/@a", "a@b", "(@a)", "@a:",
    "@a's", "@",
)
ADDRESSES = (
    "hilfe@amselnetz.de", "max.muster@example.com", "info.de@example.com", "a+b@c.co.uk",
    "mailto:a@b.de",
    "x@münchen.de", "jörg@müller.de", "a@b.c.de/x", "a@日本.jp",
)
CASHTAGS = (
    "$AMS", "$AMS.DE", "$ams_x", "$AMSELNETZ", "$5", "US$", "$AMS,",
    "($AMS)", "x$AMS", "$$AMS", "$株", "$AMS.", "＄AMS")
BETWEEN = (
    " ", " ", " ", " ", "  ", "", "", "\n", ",", ", ",
    ".", "(", ") ", "/", "\u3000", "\u200d", "\u200e", "\u00ad")


def random_replies(count: int, seed: int) -> list[str]:
    """So many replies, up to about twice as long as X allows."""
    chance = random.Random(seed)
    return [random_reply(chance) for _number in range(count)]


def random_reply(chance: random.Random) -> str:
    """One reply: pieces of every kind, in any order."""
    pieces = (piece(chance) + chance.choice(BETWEEN) for _number in range(chance.randint(1, 14)))
    return "".join(pieces)


def piece(chance: random.Random) -> str:
    """A word, a link with what is behind it, an emoji, a handle, an e-mail address or a cashtag."""
    kinds = (WORDS, HOSTS, EMOJI, HANDLES, ADDRESSES, CASHTAGS)
    kind = chance.choices(kinds, (30, 36, 16, 9, 5, 4))[0]
    if kind is HOSTS:
        link = chance.choice(SCHEMES) + chance.choice(HOSTS) + chance.choice(PATHS)
        return chance.choice(("", "", "", "(", "„", "«", "日")) + link + chance.choice(BEHIND)
    return chance.choice(kind) + chance.choice(("", "", "", chance.choice(BEHIND)))
