"""Cities of the 47 prefectures and made-up employers of the 19 fields."""

CITIES = {
    "01": "Hakodate", "02": "Hachinohe", "03": "Morioka", "04": "Ishinomaki", "05": "Yokote", "06": "Sakata", "07": "Koriyama",
    "08": "Mito", "09": "Utsunomiya", "10": "Ota", "11": "Kawagoe", "12": "Choshi", "13": "Hachioji", "14": "Odawara",
    "15": "Nagaoka", "16": "Takaoka", "17": "Komatsu", "18": "Sabae", "19": "Fuefuki", "20": "Matsumoto", "21": "Ogaki",
    "22": "Yaizu", "23": "Toyota", "24": "Yokkaichi", "25": "Hikone", "26": "Uji", "27": "Sakai", "28": "Himeji",
    "29": "Kashihara", "30": "Tanabe", "31": "Yonago", "32": "Izumo", "33": "Kurashiki", "34": "Fukuyama", "35": "Shimonoseki",
    "36": "Naruto", "37": "Marugame", "38": "Imabari", "39": "Susaki", "40": "Kurume", "41": "Karatsu", "42": "Sasebo",
    "43": "Yatsushiro", "44": "Beppu", "45": "Nobeoka", "46": "Kirishima", "47": "Naha",
}  # fmt: skip
PREFECTURES = tuple(CITIES)
SECOND_CITIES = {
    "01": "Asahikawa", "04": "Sendai", "10": "Maebashi", "13": "Ome", "20": "Nagano", "22": "Hamamatsu", "23": "Okazaki",
    "27": "Higashiosaka", "28": "Akashi", "34": "Kure", "40": "Kitakyushu", "43": "Tamana", "46": "Kanoya",
}  # fmt: skip
EMPLOYERS = {
    "KAIGO": (("見本苑", "Mihon-en"), ("見本ケア", "Mihon Care"), ("見本の里", "Mihon no Sato")),
    "BLDG": (("見本ビル管理", "Mihon Building"), ("見本クリーン", "Mihon Clean")),
    "LINEN": (("見本リネン", "Mihon Linen"),),
    "MFG": (("見本製作所", "Mihon Seisakusho"), ("見本電子", "Mihon Denshi"), ("見本プラスチック", "Mihon Plastics")),
    "CONST": (("見本建設", "Mihon Kensetsu"), ("見本土木", "Mihon Doboku")),
    "SHIP": (("見本造船", "Mihon Zosen"),),
    "AUTO": (("見本自動車整備", "Mihon Motors"),),
    "AVIA": (("見本航空サービス", "Mihon Air Service"),),
    "ACCOM": (("見本ホテル", "Mihon Hotel"), ("見本旅館", "Mihon Ryokan")),
    "DRIVE": (("見本運輸", "Mihon Unyu"),),
    "RAIL": (("見本鉄道", "Mihon Tetsudo"),),
    "WARE": (("見本物流", "Mihon Butsuryu"),),
    "AGRI": (("見本農園", "Mihon Farm"), ("見本農産", "Mihon Nosan")),
    "FISH": (("見本漁業", "Mihon Gyogyo"), ("見本養殖", "Mihon Yoshoku")),
    "FOOD": (("見本水産", "Mihon Suisan"), ("見本食品", "Mihon Foods"), ("見本製パン", "Mihon Bakery")),
    "REST": (("見本食堂", "Mihon Dining"), ("見本フード", "Mihon Food Service")),
    "FOREST": (("見本林業", "Mihon Ringyo"),),
    "WOOD": (("見本木材", "Mihon Mokuzai"),),
    "RECYC": (("見本環境", "Mihon Kankyo"),),
    "": (("見本システム", "Mihon System"), ("見本設計", "Mihon Sekkei")),
}
WAGES = {
    "KAIGO": 205_000, "BLDG": 186_000, "LINEN": 184_000, "MFG": 198_000, "CONST": 232_000, "SHIP": 214_000, "AUTO": 208_000,
    "AVIA": 206_000, "ACCOM": 194_000, "DRIVE": 236_000, "RAIL": 210_000, "WARE": 196_000, "AGRI": 188_000, "FISH": 198_000,
    "FOOD": 192_000, "REST": 200_000, "FOREST": 212_000, "WOOD": 196_000, "RECYC": 196_000, "": 250_000,
}  # fmt: skip
DEAR_TOWNS = {"11": 6_000, "12": 6_000, "13": 24_000, "14": 14_000, "23": 12_000, "27": 10_000, "28": 4_000}


def city(prefecture: str, pick: int) -> str:
    second = SECOND_CITIES.get(prefecture)
    return second if second and pick % 2 else CITIES[prefecture]


def employer(field: str, place: str, pick: int) -> str:
    """A made-up company: 見本 in its name, the town in Latin letters behind it."""
    known = EMPLOYERS[field]
    written, latin = known[pick % len(known)]
    return f"{written} ({latin} {place})"
