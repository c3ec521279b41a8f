"""The words of the specimen pages in English, Arabic and Khmer."""

from __future__ import annotations

from typing import Any

LANGUAGES = ("en", "ar", "km")
#: English -> (Arabic, Khmer). What is missing stays English, as an untranslated label would.
WORDS: dict[str, tuple[str, str]] = {
    "Home": ("الرئيسية", "ទំព័រដើម"),
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
