"""Letters and marks that do not stand where their code points would put them.

The facts are those of CLDR 48: the root collation, and where a language
differs from it without being in another's way, its own (``ar``, ``es``, ``hi``,
``km``, ``my``, ``th``, ``uk``, ``ur``, ``vi``). Everything that is not named here is
right in the order of code points, as Ethiopic is, or close to it.
"""

from __future__ import annotations

#: A letter, then those that follow it before the next letter of the alphabet, whatever they are followed by.
FOLLOWERS = (
    # Latin: Vietnamese, Spanish, and what African and Turkic languages add.
    "aă", "bɓ", "dđðɗ", "eəɛǝ", "gɣ", "iɩ", "kƙ", "nñŋɲ", "oơɔ", "uưʊ", "vʋ", "yƴ", "zʒþ",
    # Cyrillic: Ukrainian, Belarusian, Serbian, Macedonian, Kazakh and Kyrgyz.
    "аә", "гґғ", "дђ", "еє", "жҗ", "зѕ", "иіїйј", "кқ", "лљ", "нңњ", "оө", "тћ", "уұү", "хһ", "чҹџ",
    # Arabic: Persian, Urdu, Pashto, Kurdish, Sindhi and Uyghur.
    "بٻپڀ", "تٹټٽ", "جځڄچڃڇڅ", "دڈډڌ", "رڑړڕ", "زژږ", "شښ", "فڤ", "كگڭڳ", "لڵ", "نںڼڻ", "هھہۃە",
    "وۆۇۈۋ", "يېۍێے",
    # Khmer
    "រឫឬ", "លឭឮ",
)  # fmt: skip

#: What is read as something else, but for a difference that counts only between texts that are otherwise alike.
#: The marks that stand for such a difference are those that Unicode has for it, or the nearest.
READ_AS = {
    # Latin
    "æ": "ae\u0338", "œ": "oe\u0338", "ø": "o\u0338", "ł": "l\u0338", "ı": "i\u0338", "ħ": "h\u0338", "ŧ": "t\u0338",
    # Hamza is read as alif, and the t of feminine words as the other t; two forms of one letter are on the
    # keyboards of Persian and of Arabic.
    "ء": "ا\u0654", "ة": "ت\u065f",
    "ک": "ك\u065f", "ڪ": "ك\u065f", "ی": "ي\u065f", "ى": "ي\u065f", "ٱ": "ا\u065f",
    # Nepali is written with either sign.
    "ँ": "ं",
    # Khmer vowels that stand alone
    "ឣ": "អ", "ឤ": "អា", "ឥ": "អិ", "ឦ": "អី", "ឧ": "អុ", "ឨ": "អុ", "ឩ": "អូ", "ឪ": "អុអ", "ឯ": "អែ", "ឰ": "អៃ",
    "ឱ": "អោ", "ឲ": "អោ", "ឳ": "អៅ",
    # Signs that say that a word is repeated or cut short, before all letters of their script
    "ๆ": "\u0e00", "ฯ": "\u0e00", "ໆ": "\u0e80", "ៗ": "\u177f",
    # Punctuation that keyboards of some languages have in place of the common
    "،": ",", "؛": ";", "؟": "?", "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "ʻ": "'", "“": '"', "”": '"', "„": '"',
    "«": '"', "»": '"', "‹": "'", "›": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-",
    "।": ".", "॥": ".", "។": ".", "៕": ".", "៖": ":", "၊": ",", "။": ".", "፡": " ", "።": ".", "፣": ",",
}  # fmt: skip

#: Letters that Unicode takes apart, and which are letters of their own in an alphabet, or are read as others:
#: whatever carries a hamza as alif, and alif with madda as two of them, so that it comes first, as in dictionaries of
#: Arabic and in the alphabet of Persian.
COMPOUNDS = {
    "a\u0306": "ă", "n\u0303": "ñ", "o\u031b": "ơ", "u\u031b": "ư", "и\u0306": "й", "і\u0308": "ї",
    "ا\u0653": "اا\u0653", "و\u0654": "ا\u0654", "ي\u0654": "ا\u0654",
}  # fmt: skip

#: Signs beside or in letters that count only between texts that are otherwise alike, script by script in their order;
#: within Latin, Greek and Cyrillic the tones of Vietnamese come before what makes a letter another.
MARKS = (
    "\u0300\u0309\u0303\u0301\u0323\u0306\u0302\u030c\u030a\u0308\u030b\u0307\u0304\u0327\u0328\u0326\u031b\u0338",
    "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u065f\u0670",
    "\u093c\u0951\u0952\u0953\u0954", "\u09bc", "\u0a3c", "\u0abc", "\u0b3c", "\u0cbc",
    "\u0e4e\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d",
    "\u0ece\u0ec8\u0ec9\u0eca\u0ecb\u0ecc\u0ecd",
    "\u17ce\u17cf\u17d1\u17d0\u17c8\u17dd\u17cb\u17c9\u17ca\u17cd\u17cc",
    "\u135d\u135e\u135f",
)  # fmt: skip

#: Where marks lie beyond :data:`MARKS`; they come after those.
OTHER_MARKS = (
    ("\u0300", "\u036f"), ("\u0591", "\u05bd"), ("\u05c1", "\u05c2"), ("\u0610", "\u061a"), ("\u0656", "\u065e"),
    ("\u06d6", "\u06dc"), ("\u06df", "\u06e4"), ("\u06ea", "\u06ed"), ("\u1dc0", "\u1dff"),
)  # fmt: skip

#: The zeros of the scripts whose digits are read as ours, each followed by its nine others.
ZEROS = "٠۰०০੦૦୦௦౦೦൦๐໐༠၀႐០"

#: What nobody sees: joiners and other formats, the stretching of Arabic words, vowels of Khmer that are not written.
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c\u0640\u17b4\u17b5"
