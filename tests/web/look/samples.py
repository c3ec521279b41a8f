"""Invented content for the specimen pages, in English, Arabic and Khmer."""

from __future__ import annotations

from typing import Any

LANGUAGES = ("en", "ar", "km")
#: English -> (Arabic, Khmer). What is missing stays English, as an untranslated label would.
WORDS: dict[str, tuple[str, str]] = {
    "Home": ("الصفحة الأولى", "ទំព័រដើម"),
    "Cases": ("الحالات", "ករណី"),
    "People": ("الأشخاص", "មនុស្ស"),
    "Tasks": ("المهام", "កិច្ចការ"),
    "Reports": ("التقارير", "របាយការណ៍"),
    "New": ("جديد", "ថ្មី"),
    "More": ("المزيد", "ច្រើនទៀត"),
    "Case RS-0420": ("الحالة RS-0420", "ករណី RS-0420"),
    "Add a note": ("أضف ملاحظة", "បន្ថែមកំណត់ត្រា"),
    "Add a service": ("أضف خدمة", "បន្ថែមសេវា"),
    "Restricted case.": ("حالة مقيّدة.", "ករណីមានកម្រិត។"),
    "3 people can open it. Each time it is opened is recorded.": (
        "يستطيع 3 أشخاص فتحها. ويُسجَّل كل فتح لها.",
        "មនុស្ស 3 នាក់អាចបើកវា។ រាល់ការបើកត្រូវបានកត់ត្រា។",
    ),
    "Who can see it": ("من يراها", "អ្នកណាអាចមើល"),
    "Assigned to": ("المسؤول عنها", "ទទួលបន្ទុកដោយ"),
    "Last activity": ("آخر نشاط", "សកម្មភាពចុងក្រោយ"),
    "Age": ("العمر", "អាយុ"),
    "Languages": ("اللغات", "ភាសា"),
    "About 24 (born 2002)": ("نحو 24 (مواليد 2002)", "ប្រហែល 24 (កើតឆ្នាំ 2002)"),
    "6 June, referral received": ("6 يونيو، وصلت الإحالة", "6 មិថុនា បានទទួលការបញ្ជូន"),
    "Amharic, some Arabic": ("الأمهرية، وقليل من العربية", "អាំហារីក និងអារ៉ាប់ខ្លះ"),
    "Details": ("التفاصيل", "ព័ត៌មានលម្អិត"),
    "Timeline": ("السجل الزمني", "ប្រវត្តិ"),
    "Services": ("الخدمات", "សេវា"),
    "Documents": ("الوثائق", "ឯកសារ"),
    "The person": ("الشخص", "បុគ្គល"),
    "Date of birth": ("تاريخ الميلاد", "ថ្ងៃខែឆ្នាំកំណើត"),
    "2002 (day and month not known)": ("2002 (اليوم والشهر غير معروفين)", "2002 (មិនដឹងថ្ងៃ និងខែ)"),
    "Gender": ("الجنس", "ភេទ"),
    "Female": ("أنثى", "ស្រី"),
    "Citizenship": ("الجنسية", "សញ្ជាតិ"),
    "Ethiopia": ("إثيوبيا", "អេត្យូពី"),
    "Marital status": ("الحالة الاجتماعية", "ស្ថានភាពអាពាហ៍ពិពាហ៍"),
    "Phone": ("الهاتف", "ទូរស័ព្ទ"),
    "Safe way to reach her": ("طريقة آمنة للتواصل معها", "របៀបទាក់ទងដោយសុវត្ថិភាព"),
    "Signal message, after 18:00 only": ("رسالة عبر سيغنال، بعد السادسة مساءً فقط", "សារ Signal ក្រោយម៉ោង 18:00 ប៉ុណ្ណោះ"),
    "Refused": ("امتنعت عن الإجابة", "មិនព្រមឆ្លើយ"),
    "Unknown": ("غير معروف", "មិនដឹង"),
    "Not asked": ("لم تُسأل", "មិនបានសួរ"),
    "Does not apply": ("لا ينطبق", "មិនពាក់ព័ន្ធ"),
    "Asked. The person does not know.": ("سُئلت ولا تعرف.", "បានសួរ។ សាមីខ្លួនមិនដឹង។"),
    "Asked. The person chose not to say.": ("سُئلت واختارت ألا تقول.", "បានសួរ។ សាមីខ្លួនសុំមិនឆ្លើយ។"),
    "We have not asked yet.": ("لم نسأل بعد.", "យើងមិនទាន់បានសួរ។"),
    "The question makes no sense here.": ("لا معنى للسؤال هنا.", "សំណួរនេះមិនសមនៅទីនេះ។"),
    "What happened": ("ما حدث", "អ្វីដែលបានកើតឡើង"),
    "Type of exploitation": ("نوع الاستغلال", "ប្រភេទនៃការកេងប្រវ័ញ្ច"),
    "Sexual exploitation": ("الاستغلال الجنسي", "ការកេងប្រវ័ញ្ចផ្លូវភេទ"),
    "Forced labour": ("العمل القسري", "ពលកម្មដោយបង្ខំ"),
    "Forced marriage": ("الزواج القسري", "អាពាហ៍ពិពាហ៍ដោយបង្ខំ"),
    "Domestic servitude": ("الاستعباد المنزلي", "ការបម្រើក្នុងផ្ទះ"),
    "Other": ("غير ذلك", "ផ្សេងទៀត"),
    "Country of exploitation": ("بلد الاستغلال", "ប្រទេសនៃការកេងប្រវ័ញ្ច"),
    "Means of control": ("وسائل السيطرة", "មធ្យោបាយគ្រប់គ្រង"),
    "Takes earnings": ("أخذ الأجر", "យកប្រាក់ចំណូល"),
    "Withholds documents": ("حجز الوثائق", "ដកហូតឯកសារ"),
    "Restricts movement": ("تقييد الحركة", "រឹតត្បិតការធ្វើដំណើរ"),
    "Debt bondage": ("عبودية الدَّين", "ចំណងបំណុល"),
    "Must work to pay off a debt, real or claimed": (
        "أُجبر على العمل لسداد دين حقيقي أو مزعوم",
        "ត្រូវធ្វើការសងបំណុល ពិត ឬអះអាង",
    ),
    "Her pay was taken to control her": ("أُخذ أجرها للسيطرة عليها", "ប្រាក់ឈ្នួលត្រូវគេយកដើម្បីគ្រប់គ្រងនាង"),
    "Locked in, watched or kept apart": ("حُبست أو رُوقبت أو عُزلت", "ចាក់សោ ឃ្លាំមើល ឬបំបែកចេញ"),
    "Money": ("المال", "ប្រាក់"),
    "Freedom": ("الحرية", "សេរីភាព"),
    "Intake": ("الاستقبال", "ការទទួលករណី"),
    "Answer what you can. You can stop at any time; nothing is lost.": (
        "أجب عمّا تستطيع. يمكنك التوقف متى شئت، ولن يضيع شيء.",
        "ឆ្លើយអ្វីដែលអ្នកអាចឆ្លើយបាន។ អ្នកអាចឈប់ពេលណាក៏បាន គ្មានអ្វីបាត់ទេ។",
    ),
    "Date it began": ("تاريخ البداية", "កាលបរិច្ឆេទចាប់ផ្តើម"),
    "Leave the day or the month empty if she does not know.": (
        "اترك اليوم أو الشهر فارغاً إن كانت لا تعرف.",
        "ទុកថ្ងៃ ឬខែឱ្យទទេ បើនាងមិនដឹង។",
    ),
    "The year 2062 is in the future. Enter a year up to 2026": (
        "سنة 2062 في المستقبل. أدخل سنة لا تتجاوز 2026",
        "ឆ្នាំ 2062 មិនទាន់មកដល់ទេ។ បញ្ចូលឆ្នាំមិនលើស 2026",
    ),
    "Recruiter or agency": ("المستقدِم أو المكتب", "អ្នកជ្រើសរើស ឬទីភ្នាក់ងារ"),
    "Debt to the recruiter": ("دين للمستقدِم", "បំណុលអ្នកជ្រើសរើស"),
    "Case number": ("رقم الحالة", "លេខករណី"),
    "Date she got away": ("تاريخ خروجها", "កាលបរិច្ឆេទដែលនាងរួចខ្លួន"),
    "Kept as May 2026, day not known": ("سُجّل: مايو 2026، اليوم غير معروف", "កត់ត្រាជា ឧសភា 2026 មិនដឹងថ្ងៃ"),
    "Choose every one she describes.": ("اختر كل ما تصفه.", "ជ្រើសគ្រប់ចំណុចដែលនាងរៀបរាប់។"),
    "Save intake": ("احفظ الاستقبال", "រក្សាទុក"),
    "Stop for now": ("توقف الآن", "ឈប់សិន"),
    "19 of 32 answered, 2 need a look": ("أُجيب عن 19 من 32، و2 تحتاجان مراجعة", "បានឆ្លើយ 19 ក្នុង 32 ត្រូវពិនិត្យ 2"),
    "Consent": ("الموافقة", "ការយល់ព្រម"),
    "Family": ("العائلة", "គ្រួសារ"),
    "Status": ("المرحلة", "ស្ថានភាព"),
    "Referred": ("أُحيلت", "បានបញ្ជូន"),
    "Screening": ("الفرز", "ការពិនិត្យ"),
    "Assessment": ("التقييم", "ការវាយតម្លៃ"),
    "Support": ("الدعم", "ការគាំទ្រ"),
    "Closed": ("أُغلقت", "បានបិទ"),
    "Gaps": ("النواقص", "ចន្លោះ"),
    "Person and case": ("الشخص والحالة", "បុគ្គល និងករណី"),
    "My team, open": ("فريقي، المفتوحة", "ក្រុមខ្ញុំ កំពុងបើក"),
    "My cases": ("حالاتي", "ករណីរបស់ខ្ញុំ"),
    "New case": ("حالة جديدة", "ករណីថ្មី"),
    "Export": ("صدّر", "នាំចេញ"),
    "Show the case as it was on": ("اعرض الحالة كما كانت في", "បង្ហាញករណីដូចនៅ"),
    "Thailand": ("تايلاند", "ថៃ"),
    "Kuwait": ("الكويت", "គុយវ៉ែត"),
}
SCRIPT_NAMES = (
    ("សុភា ចាន់", "km", "RS-0431"),
    ("Sunita Tamang", "en", "RS-0412"),
    ("Nguyễn Thị Hạnh", "vi", "RS-0398"),
    ("ማርታ በቀለ", "am", "RS-0420"),
    ("နွယ်နီဝင်း", "my", "RS-0377"),
    ("سلمى حداد", "ar", "RS-0365"),
    ("พิมพ์ชนก ศรีสุข", "th", "RS-0341"),
    ("सुमन थापा", "ne", "RS-0302"),
)


class Words:
    """The samples in one language: ``words("Cases")``."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, english: str) -> str:
        if self.language == "en" or english not in WORDS:
            return english
        return WORDS[english][LANGUAGES.index(self.language) - 1]

    def text(self, english: str, **more: Any) -> dict[str, Any]:
        return {"kind": "text", "text": self(english), **more}

    def options(self, *codes: str, group: str = "") -> list[dict[str, str]]:
        return [{"code": code, "label": self(code), "group": self(group) if group else ""} for code in codes]


def shell(words: Words, theme: str) -> dict[str, Any]:
    """What base.html asks of every page."""
    pages = (("Home", "home"), ("Cases", "folder"), ("People", "people"), ("Tasks", "check_box"), ("Reports", "chart"))
    phone = (pages[0], pages[1], ("New", "plus_circle"), pages[3], ("More", "menu"))
    return {
        "language": words.language,
        "direction": "rtl" if words.language == "ar" else "ltr",
        "theme": theme,
        "home_url": "/record",
        "navigation": [navigation_word(words, page) for page in pages],
        "phone_navigation": [navigation_word(words, page) for page in phone],
        "find_url": "/list",
        "query": "",
        "person": {"url": "/home", "initials": "CS", "name": "Chan Sreymom"},
        "leave": {"url": "/leave", "away_url": "/away"},
        "organisation": "Riverside Shelter",
        "languages": languages(words),
        "print_note": "Riverside Shelter, RS-0420",
    }


def navigation_word(words: Words, page: tuple[str, str]) -> dict[str, Any]:
    return {"url": "/list", "label": words(page[0]), "icon": page[1], "is_current": page[0] == "Cases"}


def languages(words: Words) -> list[dict[str, Any]]:
    names = {"en": "English", "km": "ខ្មែរ", "ar": "العربية"}
    return [
        {"code": code, "label": label, "url": f"?language={code}", "is_current": code == words.language}
        for code, label in names.items()
    ]


def reasons(words: Words) -> list[dict[str, str]]:
    meanings = {
        "Unknown": "Asked. The person does not know.",
        "Refused": "Asked. The person chose not to say.",
        "Not asked": "We have not asked yet.",
        "Does not apply": "The question makes no sense here.",
    }
    return [
        {"code": label.lower().replace(" ", "_"), "label": words(label), "meaning": words(meaning)}
        for label, meaning in meanings.items()
    ]


def fields(words: Words) -> list[dict[str, Any]]:
    """One field of every widget family, some with errors, reasons and read-backs."""
    months = [{"code": number, "label": f"{number}"} for number in range(1, 13)]
    why = reasons(words)
    control = [
        {
            **words.options("Debt bondage", group="Money")[0],
            "help": words("Must work to pay off a debt, real or claimed"),
        },
        {**words.options("Takes earnings", group="Money")[0], "help": words("Her pay was taken to control her")},
        {**words.options("Restricts movement", group="Freedom")[0], "help": words("Locked in, watched or kept apart")},
        *words.options("Withholds documents", "Isolation", "Threats", "Violence", "False promises", group="Freedom"),
    ]
    match = {"id": "1", "name": "Al Noor Manpower", "detail": "Addis Ababa"}
    return [
        {"widget": "generated", "name": "number", "label": words("Case number"), "required": True},
        {
            "widget": "code",
            "name": "type",
            "label": words("Type of exploitation"),
            "required": True,
            "value": "Forced labour",
            "options": words.options("Sexual exploitation", "Forced labour", "Forced marriage", "Other"),
            "reasons": why,
        },
        {
            "widget": "code",
            "name": "country",
            "label": words("Country of exploitation"),
            "because": "Asked because you chose “Forced labour”." if words.language == "en" else "",
            "required": True,
            "value": "Kuwait",
            "as_select": True,
            "options": words.options("Thailand", "Kuwait"),
            "reasons": why,
        },
        {
            "widget": "date",
            "name": "began",
            "label": words("Date it began"),
            "help": words("Leave the day or the month empty if she does not know."),
            "errors": [words("The year 2062 is in the future. Enter a year up to 2026")],
            "parts": {"day": "", "month": 3, "year": "2062"},
            "months": months,
            "required": True,
            "reasons": why,
        },
        {
            "widget": "date",
            "name": "away",
            "label": words("Date she got away"),
            "kept": words("Kept as May 2026, day not known"),
            "parts": {"month": 5, "year": "2026"},
            "months": months,
            "required": True,
            "reasons": why,
        },
        {
            "widget": "reference",
            "name": "agency",
            "label": words("Recruiter or agency"),
            "source": "/lookup",
            "add_url": "/form",
            "chosen": match,
            "matches": [{"id": "2", "name": "Al Noor Travel", "detail": "Beirut"}],
            "reasons": why,
        },
        {
            "widget": "codes",
            "name": "control",
            "label": words("Means of control"),
            "help": words("Choose every one she describes."),
            "required": True,
            "value": ["Takes earnings", "Restricts movement"],
            "options": control,
            "reasons": why,
        },
        {
            "widget": "text",
            "name": "phone",
            "label": words("Phone"),
            "width": "medium",
            "reasons": why,
            "is_sensitive": True,
        },
        {"widget": "integer", "name": "age", "label": words("Age"), "value": "24", "required": True},
        {
            "widget": "decimal",
            "name": "debt",
            "label": words("Debt to the recruiter"),
            "unit": "USD",
            "missing": "refused",
            "required": True,
            "reasons": why,
        },
        {"widget": "boolean", "name": "consent", "label": words("Consent"), "required": True, "value": "true"},
        {
            "widget": "instant",
            "name": "visit",
            "label": words("Last activity"),
            "parts": {"day": "6", "month": 6, "year": "2026", "time": "14:30"},
            "months": months,
            "zone": "Phnom Penh",
        },
        {"widget": "long_text", "name": "story", "label": words("What happened"), "value": "ሰላም\nShe feels safe."},
        {"widget": "file", "name": "file", "label": words("Documents"), "required": True, "accept": ".csv"},
    ]


def rows(words: Words) -> list[dict[str, Any]]:
    states = (("Assessment", "under_way"), ("Support", "active"), ("Screening", "new"), ("Closed", "closed"))
    gap = {"kind": "gap", "url": "/form"}
    unknown = {"kind": "missing", "text": words("Unknown")}
    countries = (words.text("Thailand"), words.text("Kuwait"), gap, unknown)
    result = []
    for place, (name, language, number) in enumerate(SCRIPT_NAMES):
        status, state = states[place % 4]
        cells = [
            {"kind": "status", "text": words(status), "state": state},
            countries[place % 4],
            words.text("6 June, referral received"),
            {"kind": "figure", "text": str(place % 4), "is_gap": place % 4 > 0},
        ]
        row = {"id": place, "url": "/record", "name": name, "lang": language, "number": number, "cells": cells}
        result.append({**row, "is_restricted": place == 3})
    return result


def columns(words: Words) -> list[dict[str, Any]]:
    return [
        {"label": words("Person and case"), "sort_url": "?sort=name"},
        {"label": words("Status"), "sort_url": "?sort=status"},
        {"label": words("Country of exploitation"), "place": "lead"},
        {"label": words("Last activity"), "sort_url": "?sort=activity", "sorted": "descending"},
        {"label": words("Gaps"), "is_figure": True, "place": "end"},
    ]


def timeline(words: Words) -> list[dict[str, Any]]:
    change = {
        "label": words("Status"),
        "old": words.text("Referred"),
        "new": words.text("Screening"),
    }
    return [
        {
            "label": "6.6.2026",
            "entries": [
                {"kind": "changed", "changes": [change], "meta": "16:20, Chan Sreymom"},
                {"kind": "opened", "text": "Kim Dara", "meta": "14:40"},
                {"kind": "created", "text": words("Case RS-0420"), "meta": "11:10, Kim Dara"},
            ],
        },
    ]


def conflict_rows(words: Words) -> list[dict[str, Any]]:
    return [
        {
            "name": "place",
            "label": words("Safe way to reach her"),
            "before": {"kind": "gap"},
            "mine": words.text("Phone"),
            "theirs": words.text("Signal message, after 18:00 only"),
            "chosen": "theirs",
        },
        {
            "name": "consent",
            "label": words("Consent"),
            "before": {"kind": "blank"},
            "mine": {"kind": "missing", "text": words("Refused")},
            "theirs": words.text("Kuwait"),
            "care": "If in doubt, keep “Refused” and ask again." if words.language == "en" else "",
        },
    ]


def chart(words: Words) -> dict[str, Any]:
    figures = (("Forced labour", 72), ("Domestic servitude", 70), ("Sexual exploitation", 34), ("Forced marriage", 20))
    return {
        "caption": words("Type of exploitation"),
        "label_head": words("Type of exploitation"),
        "figure_head": words("Cases"),
        "rows": [
            {
                "label": words(label),
                "text": str(count),
                "share": f"{100 * count // 196}%",
                "parts": [{"series": 1, "percent": 60 * count / 72}, {"series": 2, "percent": 40 * count / 72}],
            }
            for label, count in figures
        ],
        "series": ["18–24", "25–34"],
        "missing": {"count": "23", "text": words("Gaps"), "link": {"url": "/list", "label": words("Cases")}},
    }


def figures(words: Words) -> dict[str, Any]:
    heads = [{"label": words("Type of exploitation"), "is_group": True}]
    heads += [{"label": label} for label in ("12–17", "18–24", "25–34", "35–44", "45+")]
    labels = ("Forced labour", "Domestic servitude", "Sexual exploitation")
    return {
        "caption": words("Type of exploitation"),
        "heads": [*heads, {"label": words("Gaps"), "is_gap": True}],
        "rows": [{"cells": figure_cells(words(label), place)} for place, label in enumerate(labels)],
        "totals": figure_cells(words("Cases"), 7),
    }


def figure_cells(label: str, place: int) -> list[dict[str, Any]]:
    numbers = [{"text": str(1000 * place + column), "url": "/list"} for column in range(5)]
    return [{"text": label, "is_group": True}, *numbers, {"text": str(place), "is_gap": True}]
