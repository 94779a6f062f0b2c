"""Finds the encoding of a text file, and refuses what could be read as two different texts."""

import codecs
import re
from itertools import islice

from routeplanner.files.tables import TableFault

WINDOWS_1252 = "windows-1252"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 2000  # characters beyond ASCII
_ENOUGH = 6  # of them tell which language it is

# Western letters that stand at the same place in Latin-1. The further letters of Windows-1252 are
# left out, for other encodings of the West have their umlauts there.
_LETTERS = "À-ÖØ-Üß-ïñ-öø-üÿÑ"
_WORD = re.compile(rf"[A-Za-z{_LETTERS}]+")
_MARKS = re.compile("[€‚„…‘’“”•–—™ ¢£¥§©«®°±²³´µ·º»¼½¾]")
_SCRAMBLED = re.compile(
    "[a-zß-ÿ][À-Þ]"  # an upper case letter within a word
    "|[^\\W\\d_][€‚„…“”•™¢£¥§©«®±²³¹´µ»¼½¾][^\\W\\d_]"  # a sign within a word
)


def decode(content: bytes) -> tuple[str, str]:
    """The text of UTF-8, UTF-16, UTF-32, GB18030 or Windows-1252 bytes, and its encoding.

    Raises
    ------
    TableFault
        None of these, or not to be told from another: Western text may read as wrong Chinese.
    """
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    zeros = content[:4096].count(0)
    try:
        if encoding is None and zeros:
            is_little = content[1:4096:2].count(0) >= content[0:4096:2].count(0)
            encoding = "utf-16-le" if is_little else "utf-16-be"
        if encoding is not None:
            return _checked(content.decode(encoding).lstrip("\ufeff")), encoding
    except UnicodeDecodeError as error:
        raise TableFault("WRONG_ENCODING") from error
    try:
        return _checked(content.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    chinese, western = _tried(content, "gb18030"), _tried(content, "cp1252")
    is_western = western is not None and _is_western(western)
    common = 0.0 if chinese is None else _share_of_common(chinese)
    if western is not None and is_western and common <= 0.5:
        return _checked(western), WINDOWS_1252
    is_other = common < 0.3 and len(_foreign(chinese or "")) >= _ENOUGH  # Cyrillic, Greek …
    if chinese is None or is_other or not _is_chinese(chinese):
        raise TableFault("WRONG_ENCODING")
    return _checked(chinese), "gb18030"


def _tried(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(text: str) -> str:
    sample = text[:4096]
    strange = sum(ch < " " and ch not in "\t\r\n\v\f\x1a" for ch in sample)
    if strange * 20 > len(sample):
        raise TableFault("WRONG_ENCODING")
    # A lone surrogate of broken UTF-16 could be read but never written again.
    if any("\ud800" <= ch <= "\udfff" for ch in sample):
        raise TableFault("WRONG_ENCODING")
    return text


def _is_chinese(text: str) -> bool:
    """Whether text read as GB18030 looks like it: common characters have two high bytes.

    An umlaut of a Western encoding swallows the ASCII letter after it, and so shows itself.
    """
    foreign = _foreign(text)
    swallowed = sum(any(byte < 0x80 for byte in ch.encode("gb18030")) for ch in foreign)
    return swallowed * 5 <= len(foreign)


def _share_of_common(text: str) -> float:
    """How many of the characters of text read as GB18030 are everyday ones, as in Chinese.

    Two umlauts in a row (Süß) make one character too, but a rare one.
    """
    foreign = _foreign(text)
    common = 0
    for character in foreign:
        code = character.encode("gb18030")
        common += len(code) == 2 and 0xA1 <= code[0] <= 0xD7 and code[1] >= 0xA1
    return common / max(len(foreign), 1)


def _is_western(text: str) -> bool:
    """Whether all text beyond ASCII is letters within Western words, or signs beside them."""
    rest = _MARKS.sub("", text)
    for match in _WORD.finditer(rest):
        word = match[0]
        n_foreign = sum(not ch.isascii() for ch in word)
        if n_foreign * 3 > len(word) * 2 and len(word) > 1:
            return False
    return not (_SCRAMBLED.search(text) or not _WORD.sub("", rest).isascii())


def _foreign(text: str) -> list[str]:
    return list(islice((ch for ch in text if ch > "\x7f"), _LOOKED_AT))
