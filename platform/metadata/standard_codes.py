"""The codes of countries, languages and currencies as their standards have them. Their names come from CLDR.

A code never leaves these lists: records may hold it.
"""

from __future__ import annotations

#: ISO 3166-1 alpha-2, and XK, by which CLDR, the European Union and many files call Kosovo.
COUNTRIES = tuple(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()
)

#: ISO 639-1, then codes of three letters of ISO 639-2 and 639-3 for living languages that CLDR names.
LANGUAGES = tuple(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    ace ach ada ady aeb afh agq ain ale alt anp arn ars arw ary arz asa ast atj awa bal ban bar bas bax bbc bbj
    bej bem bew bez bfd bfq bgc bgn bho bik bin bjn bkm bla blo blt bpy bqi bra brh brx bss bua bug bum byn byv
    cad car cch ccp ceb cgg chk chm cho chp chr chy cic ckb clc crg crh crj crk crl crm crr crs csb csw dak dar
    dav del den dgr din dje doi dsb dtp dua dyo dyu dzg ebu efi eka fan fat fil fon frc frp frr frs fur gaa gag
    gan gay gba gbz gil glk gon gor grb gsw guc gur guz gwi hak haw hif hil hmn hnj hsb hsn hup hur iba ibb ikt
    ilo inh jam jgo jmc jpr jrb kaa kab kac kam kaw kbd kbl kcg kde kea ken kfo kgp kha kho khq khw kiu kkj kln
    kmb koi kok kos kpe kri krj krl kru ksb ksf ksh kum kut kwk kxv lad lag lah lam lez lil lkt lmo lol lou loz
    lrc lsm ltg lua lui lun luo lus luy lzh mad maf mag mai mak man mas mde mdf mdr men mer mfe mgh mgo mic min
    mnc mni moe moh mos mrj mua mus mwl mwr mwv mye myv mzn nan nap naq nds new nia niu njo nmg nnh nog nqo nso
    nus nwc nym nyn nyo nzi ojb ojc ojs ojw oka pag pam pap pau pcd pcm pdc pis pms pon pqm quc qug raj rap rar
    rgn rhg rif rof rom rue rug rup rwk sad sah sam saq sas sat saz sba sbp scn sco sdh see seh sel ses shi shn
    shu sid slh sma smj smn sms snk sog srn srr ssy stq str suk sus swb syr szl tce tcy tem teo ter tet tgx tht
    tig tiv tkr tly tmh tog tpi trv trw tsi ttm ttt tum tvl twq tyv tzm udm umb vai vec vep vmf vmw vun wae wal
    war was wbp wuu xal xnr xog yao yap ybb yue zap zgh zun
    """.split()
)

#: ISO 4217, currencies in use.
CURRENCIES = tuple(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()
)

#: Digits after the point, for currencies that have not two (ISO 4217).
CURRENCY_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
#: How people write a currency beside its code; where several share a sign, the field says which is meant.
CURRENCY_SIGNS = {
    "AUD": ("$", "A$"), "BDT": ("৳",), "CAD": ("$", "C$"), "CNY": ("¥", "元"), "ETB": ("Br", "ብር"), "EUR": ("€",),
    "GBP": ("£",), "HKD": ("$", "HK$"), "IDR": ("Rp",), "ILS": ("₪",), "INR": ("₹", "Rs"), "JPY": ("¥", "円"),
    "KES": ("KSh",), "KHR": ("៛",), "KRW": ("₩", "원"), "LAK": ("₭",), "LKR": ("Rs",), "MMK": ("K", "Ks", "ကျပ်"),
    "MYR": ("RM",), "NGN": ("₦",), "NPR": ("रू", "रु", "Rs"), "NZD": ("$", "NZ$"), "PHP": ("₱",), "PKR": ("Rs",),
    "RUB": ("₽",), "SGD": ("$", "S$"), "THB": ("฿", "บาท"), "TRY": ("₺",), "TWD": ("$", "NT$", "元"), "UAH": ("₴",),
    "USD": ("$", "US$"), "VND": ("₫", "đ"),
}  # fmt: skip
