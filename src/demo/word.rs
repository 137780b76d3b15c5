use super::dice::Dice;

/// A word for the name of a firm or place: it says it is simulated (拟), and means nothing.
pub fn simulated(dice: &mut Dice) -> String {
    format!("拟{}{}", dice.pick(&SYLLABLES), dice.pick(&SYLLABLES))
}

const SYLLABLES: [&str; 56] = [
    "岚", "珂", "梧", "澄", "汐", "芷", "砚", "澜", "棠", "樾", "霁", "峤", "岑", "洵", "沅", "漪",
    "渌", "溯", "泠", "璟", "瑭", "玥", "琰", "珩", "筠", "筱", "菡", "蘅", "葳", "杳", "昀", "晞",
    "曜", "烨", "垚", "堇", "墉", "嵘", "崧", "嶙", "岱", "屿", "舸", "舫", "榭", "桁", "桢", "槿",
    "澍", "淙", "潋", "滟", "瑄", "琮", "璇", "翊",
];

/// A Chinese name of frequent characters; four of a thousand hold a rare one.
pub fn name(dice: &mut Dice, is_male: bool) -> String {
    let mut name = if dice.happens(30) {
        dice.pick(&COMPOUND_SURNAMES).to_string()
    } else {
        dice.weighted(&SURNAMES).to_owned()
    };
    let characters = match dice.below(100) {
        0..14 => 1,
        14..99 => 2,
        _ => 3,
    };
    let rare = dice.happens(40).then(|| dice.below(characters));
    for place in 0..characters {
        let of: &[&str] = if rare == Some(place) {
            &RARE
        } else if dice.happens(4_000) {
            &GIVEN
        } else if is_male {
            &GIVEN_MALE
        } else {
            &GIVEN_FEMALE
        };
        name.push_str(of[dice.below(of.len())]);
    }
    name
}

/// A name of two parts, as Uygurs and others bear.
pub fn name_in_parts(dice: &mut Dice, is_male: bool) -> String {
    let given = if is_male { dice.pick(&PART_MALE) } else { dice.pick(&PART_FEMALE) };
    format!("{given}·{}", dice.pick(&PART_MALE))
}

/// A foreigner's name.
pub fn latin_name(dice: &mut Dice) -> String {
    format!("{} {}", dice.pick(&LATIN_SURNAMES), dice.pick(&LATIN_GIVEN))
}

const COMPOUND_SURNAMES: [&str; 6] = ["欧阳", "司马", "诸葛", "上官", "夏侯", "皇甫"];

const SURNAMES: [(&str, u32); 80] = [
    ("王", 910),
    ("李", 860),
    ("张", 890),
    ("刘", 700),
    ("赵", 410),
    ("杨", 310),
    ("陈", 300),
    ("孙", 200),
    ("周", 150),
    ("马", 150),
    ("高", 150),
    ("郭", 140),
    ("吴", 130),
    ("徐", 120),
    ("韩", 120),
    ("朱", 110),
    ("胡", 100),
    ("田", 100),
    ("宋", 100),
    ("于", 100),
    ("董", 95),
    ("冯", 90),
    ("何", 85),
    ("郑", 85),
    ("崔", 85),
    ("许", 80),
    ("梁", 80),
    ("曹", 80),
    ("谢", 60),
    ("唐", 60),
    ("沈", 40),
    ("彭", 50),
    ("曾", 30),
    ("肖", 60),
    ("程", 60),
    ("袁", 50),
    ("邓", 40),
    ("傅", 40),
    ("苏", 50),
    ("卢", 55),
    ("蒋", 40),
    ("蔡", 40),
    ("贾", 80),
    ("丁", 50),
    ("魏", 80),
    ("薛", 60),
    ("叶", 30),
    ("阎", 30),
    ("余", 30),
    ("潘", 40),
    ("杜", 60),
    ("戴", 30),
    ("夏", 40),
    ("钟", 25),
    ("汪", 30),
    ("任", 60),
    ("姜", 50),
    ("范", 50),
    ("方", 40),
    ("石", 60),
    ("姚", 50),
    ("谭", 30),
    ("廖", 15),
    ("邹", 30),
    ("熊", 15),
    ("金", 50),
    ("陆", 20),
    ("郝", 60),
    ("孔", 40),
    ("白", 50),
    ("毛", 20),
    ("邱", 20),
    ("秦", 40),
    ("江", 20),
    ("史", 40),
    ("侯", 50),
    ("孟", 50),
    ("龙", 15),
    ("段", 40),
    ("万", 20),
];

const RARE: [&str; 6] = ["䶮", "㛃", "𬭎", "𠮷", "喆", "堃"];

/// Given to both sexes.
const GIVEN: [&str; 40] = [
    "文", "晓", "子", "雨", "海", "明", "玉", "春", "永", "华", "新", "平", "金", "云", "志", "欣",
    "宇", "家", "一", "佳", "思", "晨", "天", "乐", "林", "光", "安", "星", "青", "卫", "红", "庆",
    "立", "君", "瑞", "书", "景", "学", "良", "宁",
];

const GIVEN_MALE: [&str; 48] = [
    "伟", "强", "磊", "军", "勇", "杰", "涛", "超", "鹏", "刚", "辉", "斌", "建", "国", "波", "浩",
    "飞", "亮", "龙", "凯", "峰", "东", "利", "振", "福", "生", "德", "宏", "俊", "旭", "博", "阳",
    "洋", "健", "栋", "松", "贵", "成", "康", "义", "全", "民", "兴", "坤", "洪", "群", "泽", "轩",
];

const GIVEN_FEMALE: [&str; 48] = [
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀", "燕", "玲", "桂", "英", "兰", "萍", "梅",
    "丹", "雪", "琳", "婷", "颖", "慧", "莉", "洁", "倩", "凤", "珍", "淑", "荣", "爱", "香", "月",
    "素", "彩", "琴", "翠", "美", "悦", "涵", "怡", "梦", "琪", "蕾", "媛", "晶", "薇", "菲", "茹",
];

const PART_MALE: [&str; 8] =
    ["买买提", "阿不都", "艾尔肯", "吐尔逊", "依明", "玉素甫", "库尔班", "哈力木"];

const PART_FEMALE: [&str; 8] =
    ["阿依古丽", "古丽娜尔", "热依汗", "帕提古丽", "阿米娜", "祖丽胡马尔", "迪丽努尔", "米娜娃尔"];

const LATIN_SURNAMES: [&str; 8] =
    ["EXAMPLE", "SAMPLE", "SPECIMEN", "MUSTERMANN", "TESTOV", "PRUEBA", "ESEMPIO", "PROBE"];

const LATIN_GIVEN: [&str; 8] =
    ["ALEX", "ROBIN", "KIM", "SASHA", "ANDREA", "NICOLA", "JEAN", "MARIA"];
