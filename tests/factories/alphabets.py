"""Words of each script in the order in which its readers look for them.

The order of each list is that of CLDR 48 (``Intl.Collator`` of its language)
where nothing else is said. Province names are those of Thailand and Cambodia;
the other words are everyday words and given names.
"""

from __future__ import annotations

IN_ORDER: dict[str, tuple[str, ...]] = {
    "English": ("Aaron", "Abbot", "o", "O'Brien", "O’Dell", "Oakes", "Zoe"),
    # Marks count between words of the same letters only.
    "French": ("aller", "cœur", "cote", "coté", "côte", "côté", "cotes", "Élodie", "Eloi", "étage", "zèle"),
    "Spanish": ("Nadia", "nuca", "nulo", "Núñez", "Nuria", "Ñandú", "Oscar"),
    "Portuguese": ("Açores", "Ângela", "Ângelo", "avó", "avô", "João", "Joaquim", "São", "Sara"),
    # Tones in their order; ă, đ, ơ and ư are letters to everybody (â, ê and ô to readers of VIETNAMESE alone).
    "Vietnamese": (
        "an", "anh", "ăn", "ba", "da", "Dung", "Dũng", "Dương", "đa", "Đào", "đi", "em", "ma", "mà", "mả", "mã", "má",
        "mạ", "mai", "on", "ong", "ơn", "Tuyết", "tư",
    ),
    # ґ, є, і, ї and й are letters; й is none of и.
    "Ukrainian": (
        "Ганна", "гуска", "Ґалаґан", "Денис", "Елла", "ерзац", "Євген", "Зоя", "ирій", "Ірина", "їжак", "Йосип",
        "Кирило", "Юлія", "Яна",
    ),
    # The article counts; hamza, vowel signs and stretching count between words of the same letters only. Alif with
    # madda comes first, as in dictionaries, where CLDR has it after all other words with alif.
    "Arabic": (
        "آدم", "ابتسام", "إبراهيم", "أحمد", "الخالد", "اليمن", "أمل", "بسمة", "بسمة ناصر", "تيسير", "جميلة", "حسن",
        "خالد", "رانيا", "زينب", "سارة", "شيماء", "علي", "فاطمة", "كريم", "ليلى", "محمد", "محـمود", "نور", "هالة",
        "وائل", "ياسمين",
    ),
    "Persian": (
        "آرش", "بابک", "پروین", "تهمینه", "ثریا", "جواد", "چنگیز", "حسن", "زهرا", "ژاله", "سارا", "فرهاد", "کاوه",
        "گلناز", "لیلا", "مریم", "نرگس", "یاسمین",
    ),
    "Urdu": ("بلال", "پروین", "تنویر", "ٹیپو", "ثمینہ", "دانش", "ڈار", "ذکیہ", "رابعہ", "زینب", "نور", "یاسر"),
    # Signs for nasal vowels come first, as in dictionaries of Hindi; a dot below counts between like words only.
    "Nepali and Hindi": (
        "अंश", "अञ्जली", "अनिता", "आशा", "इन्दिरा", "काठमाडौं", "काम", "किरण", "कृष्ण", "क्षमा", "गीता", "जहान",
        "ज़ाहिद", "जाहिर", "ज्योति", "पढ़ना", "पढना पर", "राम", "लक्ष्मी", "श्याम", "सीता", "हरि",
    ),
    "Amharic": (
        "ሀብታሙ", "ለምለም", "ሐረግ", "መስከረም", "ሠናይት", "ሰላም", "ሰሎሞን", "ሸዋ", "ቀለም", "በላይ", "ተስፋ", "ነጋ", "አበበ", "አየለ", "ከበደ",
        "ወርቅ", "ዘውዱ", "የሺ", "ደስታ", "ገነት", "ጠጅ", "ፀሐይ", "ፈቃዱ",
    ),
    "Thai": (
        "กระบี่", "กรุงเทพมหานคร", "กา", "ก่า", "ก้า", "กาญจนบุรี", "กาฬสินธุ์", "กำแพงเพชร", "เกม", "แก", "แก้ว", "โก", "ไก",
        "ไก่",
        "ขอนแก่น", "จันทบุรี", "ฉะเชิงเทรา", "ชลบุรี", "ชัยนาท", "ชัยภูมิ", "ชุมพร", "เชียงราย", "เชียงใหม่", "ตรัง", "ตราด", "ตาก",
        "น้ำ", "พะเยา", "พังงา", "เพชรบุรี", "เพชรบูรณ์", "แพร่", "ภูเก็ต", "มุกดาหาร", "แม่ฮ่องสอน", "ยโสธร", "เลย", "สมชาย",
        "ใหม่", "อำนาจเจริญ",
    ),
    "Lao": ("ກາ", "ກິນ", "ເກົ່າ", "ແກ້ວ", "ໄກ່", "ຂ້ອຍ", "ເຂົ້າ", "ຄົນ", "ນໍ້າ", "ໃນ", "ບ້ານ", "ແມ່", "ລາວ", "ເລືອດ", "ຫົວ"),
    # Signs over consonants count between like words only; vowels with nikahit and reahmuk stand after all others,
    # subscripts after vowels; a vowel that stands alone as if written with the letter អ.
    "Khmer": (
        "កណ្តាល", "កែប", "កំពង់ចាម", "កំពង់ឆ្នាំង", "កំពង់ធំ", "កំពត", "កោះកុង", "ក្រចេះ", "តាកែវ", "ត្បូងឃ្មុំ", "ធម៌", "បន្ទាយមានជ័យ",
        "បាត់ដំបង", "ប៉ៃលិន", "ពោធិ៍សាត់", "ព្រះវិហារ", "ភ្នំពេញ", "មណ្ឌលគិរី", "រតនគិរី", "ឫស្សី", "ឬ", "លឿង", "សុខា", "សៀមរាប",
        "ស្វាយរៀង", "អាហារ", "ឥន្ទ្រី", "អុក", "ឧត្តរមានជ័យ", "អូន",
    ),
    # After a consonant: nothing, a vowel, a final consonant, a medial.
    "Burmese": (
        "က", "ကစား", "ကား", "ကူ", "ကော", "ကံ", "ကို", "ကင်း", "ကောင်း", "ကိုင်", "ကန်", "ကျ", "ကျား", "ကျောင်း", "ကြား", "ကွယ်",
        "ခ", "ခင်", "ငါး", "စာ", "မ", "မာ", "မိုး", "မောင်", "မြန်မာ", "လှ", "သူ", "သတ္တ", "သန်း", "အမေ", "ဦး", "အောင်",
    ),
    "digits": ("Ward ១", "Ward 12", "Ward ٢", "Ward ๓", "ภาค ๓", "วอร์ด ๑", "วอร์ด 2"),
    "scripts": ("5", "Zoe", "Ωμέγα", "Яна", "أمل", "आशा", "สมชาย", "ໄກ່", "ကို", "ሀና", "ខេមា"),
}  # fmt: skip

#: Given names and places as readers of Vietnamese look for them (CLDR 48): a ă â, d đ, e ê, o ô ơ, u ư are
#: letters one after the other, tones (huyền, hỏi, ngã, sắc, nặng) count between like words only.
VIETNAMESE = (
    "An", "An Bình", "Anh", "Ánh", "Ăn", "Âm", "Ân", "Ấn Độ", "Bảo", "Bắc", "Bân", "Cam", "Dao", "Dương", "Đan", "Đào",
    "Đạo", "Em", "Én", "Êm", "Hải", "Hoa", "Hoà", "Hoá", "Hỏa", "Hõa", "Họa", "Hoàn", "Hôm", "Hồng", "Hơn", "Lê", "Lệ",
    "Linh", "Oanh", "Ông", "Ơn", "Tâm", "Thu", "Thuỷ", "Thư", "Ty", "Vân", "Xuân", "Ý", "Yên",
)  # fmt: skip
#: The same names as everybody else looks for them: â, ê and ô stand beside a, e and o.
VIETNAMESE_ELSEWHERE = (
    "Âm", "An", "Ân", "An Bình", "Ấn Độ", "Anh", "Ánh", "Ăn", "Bân", "Bảo", "Bắc", "Cam", "Dao", "Dương", "Đan", "Đào",
    "Đạo", "Em", "Êm", "Én", "Hải", "Hoa", "Hoà", "Hoá", "Hỏa", "Hõa", "Họa", "Hoàn", "Hôm", "Hồng", "Hơn", "Lê", "Lệ",
    "Linh", "Oanh", "Ông", "Ơn", "Tâm", "Thu", "Thuỷ", "Thư", "Ty", "Vân", "Xuân", "Ý", "Yên",
)  # fmt: skip
