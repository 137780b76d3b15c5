use entity::dispute_case::{DisputeCategory as Category, DisputeGround};

/// Whether it is about pay, which may be recovered.
pub fn is_pay(category: Category) -> bool {
    matches!(
        category,
        Category::OvertimePay
            | Category::DoubleWage
            | Category::BonusAllowance
            | Category::EconomicCompensation
    )
}

/// What a case is about: category, legal ground, and in words.
pub type Subject = (Category, DisputeGround, &'static str);

/// Subjects of cases in which pay was recovered, with their weights.
pub const RECOVERED: [(Subject, u32); 4] = [
    ((Category::UnpaidWage, DisputeGround::G5, "拖欠工资"), 80),
    ((Category::OvertimePay, DisputeGround::G5, "加班费"), 8),
    ((Category::BonusAllowance, DisputeGround::G5, "奖金津贴"), 7),
    ((Category::MinimumWage, DisputeGround::G5, "低于最低工资"), 5),
];

pub const FURTHER: [(Subject, u32); 12] = [
    ((Category::UnlawfulTermination, DisputeGround::G3, "违法解除劳动合同"), 22),
    ((Category::EconomicCompensation, DisputeGround::G5, "经济补偿"), 18),
    ((Category::SocialInsurance, DisputeGround::G4, "社会保险"), 14),
    ((Category::WorkInjury, DisputeGround::G5, "工伤待遇"), 14),
    ((Category::EmploymentRelation, DisputeGround::G1, "确认劳动关系"), 9),
    ((Category::DoubleWage, DisputeGround::G2, "二倍工资"), 7),
    ((Category::OvertimePay, DisputeGround::G5, "加班费"), 9),
    ((Category::WorkingTimeLeave, DisputeGround::G4, "工时休假"), 4),
    ((Category::PlatformLabour, DisputeGround::G6, "新就业形态用工"), 2),
    ((Category::FemaleProtection, DisputeGround::G4, "女职工特殊保护"), 1),
    ((Category::TrainingServicePeriod, DisputeGround::G2, "服务期"), 1),
    ((Category::NonCompete, DisputeGround::G2, "竞业限制"), 1),
];

/// What is claimed beside the subject.
pub const SIDE_CLAIMS: [Category; 5] = [
    Category::EconomicCompensation,
    Category::SocialInsurance,
    Category::OvertimePay,
    Category::WorkingTimeLeave,
    Category::BonusAllowance,
];
