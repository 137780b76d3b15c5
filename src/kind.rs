use uuid::Uuid;

/// Writes out the kinds: what each is called in the schema and in an id.
macro_rules! kinds {
    ($($(#[$doc:meta])* $Kind:ident = $prefix:literal),* $(,)?) => {
        /// A kind of record in the graph.
        ///
        /// 记录的种类。
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, async_graphql::Enum)]
        pub enum Kind {
            $($(#[$doc])* $Kind),*
        }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$Kind),*];

            /// The name of the type in the schema.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Kind::$Kind => stringify!($Kind)),*
                }
            }

            /// The word that every id of this kind begins with; also the name of its table.
            pub const fn prefix(self) -> &'static str {
                match self {
                    $(Kind::$Kind => $prefix),*
                }
            }

            pub fn from_prefix(prefix: &str) -> Option<Kind> {
                match prefix {
                    $($prefix => Some(Kind::$Kind),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// An administrative division. 行政区划
    Division = "division",
    /// A worker. 职工
    Worker = "worker",
    /// An employing unit. 用人单位
    Employer = "employer",
    /// A relation of employment. 劳动关系
    EmploymentRelation = "employment_relation",
    /// A union organisation. 工会组织
    UnionOrganization = "union_organization",
    /// A membership of a union. 会籍
    UnionMembership = "union_membership",
    /// A batch of reform pilots. 产改试点批次
    PilotBatch = "pilot_batch",
    /// A reform pilot unit. 产改试点单位
    PilotUnit = "pilot_unit",
    /// A measure of a pilot unit. 试点举措
    PilotMeasure = "pilot_measure",
    /// A practice that others can adopt. 可复制可推广的经验
    BestPractice = "best_practice",
    /// A labour or skill competition. 劳动和技能竞赛
    Competition = "competition",
    /// An event of a competition. 赛项
    CompetitionEvent = "competition_event",
    /// An entry in an event. 参赛
    CompetitionEntry = "competition_entry",
    /// An award of an event. 竞赛奖项
    CompetitionAward = "competition_award",
    /// A model-worker and craftsman innovation studio. 劳模和工匠人才创新工作室
    InnovationStudio = "innovation_studio",
    /// The naming of a studio at a level. 工作室命名
    StudioAccreditation = "studio_accreditation",
    /// A member of a studio. 工作室成员
    StudioMember = "studio_member",
    /// A grant to a studio. 工作室补助
    StudioGrant = "studio_grant",
    /// An innovation achievement. 创新成果
    InnovationAchievement = "innovation_achievement",
    /// A labour dispute case. 劳动争议案件
    DisputeCase = "dispute_case",
    /// A party of a dispute. 当事人
    DisputeParty = "dispute_party",
    /// A claim in a dispute. 仲裁或诉讼请求
    DisputeClaim = "dispute_claim",
    /// A stage of proceedings. 程序
    DisputeProceeding = "dispute_proceeding",
    /// Wages recovered for one worker in one case. 劳动报酬追讨
    WageRecovery = "wage_recovery",
    /// One step of a state machine that was taken. 状态变更记录
    StateTransition = "state_transition",
}

/// Crockford's alphabet in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes an id as clients see it: `worker_01h455vb4pex5vsknk084sn02q` (TypeID).
pub fn encode_id(kind: Kind, id: Uuid) -> String {
    let mut text = String::with_capacity(kind.prefix().len() + 27);
    push_id(&mut text, kind, id);
    text
}

/// Appends an id as clients see it.
pub fn push_id(text: &mut String, kind: Kind, id: Uuid) {
    text.push_str(kind.prefix());
    text.push('_');
    let bits = id.as_u128();
    for place in (0..26).rev() {
        text.push(char::from(ALPHABET[(bits >> (place * 5)) as usize & 31]));
    }
}

/// Reads an id of any kind; nothing when it is malformed.
pub fn decode_id(text: &str) -> Option<(Kind, Uuid)> {
    let (prefix, digits) = text.rsplit_once('_')?;
    let kind = Kind::from_prefix(prefix)?;
    // 26 digits hold 130 bits: the first may only use three of its five.
    if digits.len() != 26 || digits.as_bytes()[0] > b'7' {
        return None;
    }
    let mut bits: u128 = 0;
    for digit in digits.bytes() {
        let value = ALPHABET.iter().position(|it| *it == digit)?;
        bits = bits << 5 | value as u128;
    }
    Some((kind, Uuid::from_u128(bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        let id = Uuid::parse_str("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let text = encode_id(Kind::DisputeCase, id);
        assert_eq!(text, "dispute_case_01h455vb4pex5vsknk084sn02q");
        assert_eq!(decode_id(&text), Some((Kind::DisputeCase, id)));
    }

    #[test]
    fn a_malformed_id_is_nothing() {
        for text in [
            "",
            "_",
            "worker",
            "worker_",
            "worker_01h455vb4pex5vsknk084sn02",
            "worker_01h455vb4pex5vsknk084sn02qq",
            "worker_81h455vb4pex5vsknk084sn02q",
            "worker_01H455VB4PEX5VSKNK084SN02Q",
            "worker_01h455vb4pex5vsknk084sn0lq",
            "nobody_01h455vb4pex5vsknk084sn02q",
            "worker_01h455vb4pex5vsknk084sn0\u{4e00}",
        ] {
            assert_eq!(decode_id(text), None, "{text}");
        }
    }
}
