use entity::employer::OwnershipGroup;

use Owners::{Enterprise, Organ, Public, Shop, State};
use OwnershipGroup as Group;

/// A branch of trade: who owns its units, what they are called, who works there.
pub struct Trade {
    /// GB/T 4754-2017.
    pub code: &'static str,
    /// Of a thousand workers of the city.
    pub share: u32,
    /// Men of a hundred workers.
    pub male: u32,
    /// Whether its front line are industrial workers.
    pub is_industrial: bool,
    pub owners: Owners,
    /// What firms are called after their word.
    pub label: &'static str,
    /// What small units of one owner, or public ones, are called.
    pub small_label: &'static str,
    pub posts: &'static [(Post, u32)],
}

/// Who owns the units of a trade.
#[derive(Clone, Copy)]
pub enum Owners {
    /// Firms of all owners.
    Enterprise,
    /// Firms, most of them of the state.
    State,
    /// Firms and many self-employed.
    Shop,
    /// Public institutions, with some that are private or social.
    Public,
    /// Organs of government and what belongs to them.
    Organ,
}

/// A post with the code of its occupation, where that is sure.
#[derive(Clone, Copy)]
pub struct Post {
    pub title: &'static str,
    pub occupation: Option<&'static str>,
    pub is_frontline: bool,
}

impl Owners {
    pub fn groups(self) -> &'static [(Group, u32)] {
        match self {
            Enterprise => &[
                (Group::Private, 560),
                (Group::StateOwned, 170),
                (Group::MixedStateControlled, 110),
                (Group::Foreign, 75),
                (Group::HkMoTw, 65),
                (Group::Collective, 20),
            ],
            State => &[
                (Group::StateOwned, 760),
                (Group::MixedStateControlled, 160),
                (Group::Private, 60),
                (Group::Foreign, 20),
            ],
            Shop => &[
                (Group::Private, 840),
                (Group::StateOwned, 60),
                (Group::HkMoTw, 45),
                (Group::Foreign, 35),
                (Group::Collective, 20),
            ],
            Public => {
                &[(Group::Institution, 860), (Group::Private, 80), (Group::SocialOrganization, 60)]
            }
            Organ => &[
                (Group::Government, 640),
                (Group::Institution, 300),
                (Group::SocialOrganization, 60),
            ],
        }
    }

    pub fn has_self_employed(self) -> bool {
        matches!(self, Shop)
    }
}

const fn worker(title: &'static str, occupation: &'static str) -> Post {
    Post { title, occupation: Some(occupation), is_frontline: true }
}

const fn hand(title: &'static str) -> Post {
    Post { title, occupation: None, is_frontline: true }
}

const fn office(title: &'static str) -> Post {
    Post { title, occupation: None, is_frontline: false }
}

const FACTORY: &[(Post, u32)] = &[
    (worker("车工", "6-18-01-01"), 12),
    (worker("数控机床操作工", "6-18-01-07"), 12),
    (worker("焊工", "6-18-02-04"), 16),
    (worker("装配钳工", "6-20-01-01"), 16),
    (worker("电工", "6-31-01-03"), 12),
    (worker("起重装卸机械操作工", "6-30-05-01"), 6),
    (hand("质检员"), 6),
    (office("技术员"), 9),
    (office("车间管理员"), 5),
    (office("行政职员"), 6),
];

const PROCESS: &[(Post, u32)] = &[
    (hand("生产操作工"), 52),
    (worker("电工", "6-31-01-03"), 10),
    (worker("焊工", "6-18-02-04"), 4),
    (hand("包装工"), 12),
    (hand("质检员"), 6),
    (office("技术员"), 8),
    (office("行政职员"), 8),
];

const PORT: &[(Post, u32)] = &[
    (worker("起重装卸机械操作工", "6-30-05-01"), 42),
    (worker("电工", "6-31-01-03"), 12),
    (hand("理货员"), 12),
    (hand("调度员"), 8),
    (worker("道路货运汽车驾驶员", "4-02-02-02"), 10),
    (office("行政职员"), 16),
];

const ROAD: &[(Post, u32)] = &[
    (worker("道路货运汽车驾驶员", "4-02-02-02"), 46),
    (worker("道路客运汽车驾驶员", "4-02-02-01"), 24),
    (hand("调度员"), 8),
    (hand("装卸工"), 10),
    (office("行政职员"), 12),
];

const COURIER: &[(Post, u32)] = &[
    (worker("快递员", "4-02-07-08"), 55),
    (worker("网约配送员", "4-02-07-10"), 25),
    (hand("分拣员"), 12),
    (office("站点管理员"), 8),
];

const BUILDING: &[(Post, u32)] = &[
    (worker("砌筑工", "6-29-01-01"), 18),
    (worker("混凝土工", "6-29-01-03"), 14),
    (worker("钢筋工", "6-29-01-04"), 16),
    (worker("电工", "6-31-01-03"), 10),
    (worker("焊工", "6-18-02-04"), 8),
    (hand("架子工"), 10),
    (office("施工员"), 12),
    (office("行政职员"), 8),
];

const RETAIL: &[(Post, u32)] = &[
    (worker("营业员", "4-01-02-01"), 58),
    (hand("收银员"), 12),
    (hand("理货员"), 14),
    (office("行政职员"), 16),
];

const CATERING: &[(Post, u32)] = &[
    (worker("中式烹调师", "4-03-02-01"), 30),
    (worker("餐厅服务员", "4-03-02-05"), 46),
    (hand("客房服务员"), 14),
    (office("行政职员"), 10),
];

const SERVICE: &[(Post, u32)] = &[
    (worker("家政服务员", "4-10-01-06"), 34),
    (worker("保安员", "4-07-05-01"), 24),
    (hand("维修工"), 22),
    (office("行政职员"), 20),
];

const SCHOOL: &[(Post, u32)] =
    &[(office("教师"), 78), (office("教学管理人员"), 12), (hand("后勤人员"), 10)];

const HOSPITAL: &[(Post, u32)] = &[
    (office("护士"), 44),
    (office("医师"), 28),
    (office("医技人员"), 14),
    (hand("护理员"), 8),
    (office("行政职员"), 6),
];

const OFFICE: &[(Post, u32)] =
    &[(office("行政办事员"), 70), (office("业务主管"), 18), (hand("后勤人员"), 12)];

const EXPERT: &[(Post, u32)] =
    &[(office("专业技术人员"), 56), (office("业务员"), 30), (hand("后勤人员"), 14)];

const POWER: &[(Post, u32)] = &[
    (worker("电工", "6-31-01-03"), 46),
    (hand("运行值班员"), 34),
    (office("技术员"), 12),
    (office("行政职员"), 8),
];

const FIELD: &[(Post, u32)] = &[(hand("生产工"), 84), (office("行政职员"), 16)];

pub const TRADES: [Trade; 34] = [
    trade("C36", 50, 72, Enterprise, "汽车零部件", "汽配加工厂", FACTORY),
    trade("C37", 50, 80, State, "桥梁装备", "机械加工厂", FACTORY),
    trade("C31", 40, 84, State, "金属制品", "铸造厂", PROCESS),
    trade("C30", 40, 76, Enterprise, "玻璃", "玻璃制品厂", PROCESS),
    trade("C13", 30, 52, Enterprise, "粮油食品", "食品加工厂", PROCESS),
    trade("C15", 20, 50, Enterprise, "酒业", "饮料厂", PROCESS),
    trade("C34", 20, 75, Enterprise, "机械制造", "机械厂", FACTORY),
    trade("C38", 10, 66, Enterprise, "电气设备", "电器厂", FACTORY),
    trade("C26", 10, 70, Enterprise, "化工", "化工厂", PROCESS),
    trade("G55", 50, 82, State, "港口物流", "船务服务部", PORT),
    trade("G54", 30, 84, Enterprise, "运输", "运输队", ROAD),
    trade("G53", 15, 78, State, "铁路运输", "铁路货运部", PORT),
    trade("G59", 10, 70, Enterprise, "仓储", "仓储部", PORT),
    trade("G60", 5, 88, Enterprise, "速递", "快递站", COURIER),
    trade("F52", 60, 42, Shop, "商贸", "便利店", RETAIL),
    trade("F51", 40, 54, Shop, "贸易", "批发部", RETAIL),
    trade("P83", 90, 32, Public, "教育科技", "学校", SCHOOL),
    trade("S92", 60, 62, Organ, "公共服务", "公共服务中心", OFFICE),
    trade("S91", 20, 60, Organ, "机关服务", "机关事务中心", OFFICE),
    trade("S95", 10, 50, Organ, "社会服务", "志愿服务中心", OFFICE),
    trade("Q84", 55, 28, Public, "医疗", "医院", HOSPITAL),
    trade("Q85", 5, 30, Public, "养老服务", "养老院", HOSPITAL),
    trade("E47", 40, 84, Enterprise, "建筑工程", "建筑队", BUILDING),
    trade("E48", 30, 84, State, "路桥工程", "工程队", BUILDING),
    trade("E50", 20, 80, Enterprise, "装饰工程", "装修队", BUILDING),
    trade("H61", 20, 40, Shop, "酒店管理", "旅馆", CATERING),
    trade("H62", 30, 44, Shop, "餐饮管理", "餐馆", CATERING),
    trade("O80", 40, 46, Shop, "家政服务", "便民服务部", SERVICE),
    trade("D44", 25, 74, State, "热力电力", "供热站", POWER),
    trade("I65", 20, 62, Enterprise, "软件", "软件工作室", EXPERT),
    trade("J66", 20, 44, State, "融资服务", "金融服务部", EXPERT),
    trade("K70", 20, 52, Enterprise, "物业服务", "物业服务部", SERVICE),
    trade("M74", 10, 62, Enterprise, "工程咨询", "设计工作室", EXPERT),
    trade("A05", 5, 60, Shop, "农业服务", "农机服务部", FIELD),
];

/// The trades of the twelve largest units, largest first.
pub const LARGEST: [&str; 12] =
    ["G55", "C37", "C31", "C36", "C30", "D44", "G53", "E48", "C36", "C34", "Q84", "C13"];

const fn trade(
    code: &'static str,
    share: u32,
    male: u32,
    owners: Owners,
    label: &'static str,
    small_label: &'static str,
    posts: &'static [(Post, u32)],
) -> Trade {
    let is_industrial = matches!(code.as_bytes()[0], b'B'..=b'E' | b'G');
    Trade { code, share, male, is_industrial, owners, label, small_label, posts }
}
