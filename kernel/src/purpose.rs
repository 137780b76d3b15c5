//! What a request wants personal values for.

use serde::Deserialize;

use crate::{Error, Result};

/// A declared purpose, as it is kept on record with what was read for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    pub code: PurposeCode,
    /// The number of the case or request that it is for, at most 64 characters.
    pub case_number: Option<String>,
}

/// Writes out the purposes: each its name, and whether it is for a case.
macro_rules! purposes {
    ($($(#[$doc:meta])* $Code:ident = $name:literal, for a case: $case:literal;)*) => {
        /// What personal values may be read for.
        ///
        /// 读取个人信息的用途。
        #[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
        pub enum PurposeCode {
            $($(#[$doc])* $Code),*
        }

        impl PurposeCode {
            pub const fn name(self) -> &'static str {
                match self {
                    $(PurposeCode::$Code => $name),*
                }
            }

            pub fn named(name: &str) -> Option<PurposeCode> {
                match name {
                    $($name => Some(PurposeCode::$Code),)*
                    _ => None,
                }
            }

            /// Whether it takes the number of a case.
            const fn is_for_a_case(self) -> bool {
                match self {
                    $(PurposeCode::$Code => $case),*
                }
            }
        }
    };
}

purposes! {
    /// To check who somebody is before they are served. 身份核验
    IdentityCheck = "IDENTITY_CHECK", for a case: false;
    /// To admit or transfer members. 会籍办理
    Membership = "MEMBERSHIP", for a case: false;
    /// To handle a dispute; takes the number of the case. 劳动争议办理，须填案号
    Dispute = "DISPUTE", for a case: true;
    /// To recover wages; takes the number of the case. 欠薪追讨，须填案号
    WageRecovery = "WAGE_RECOVERY", for a case: true;
    /// To pay a subsidy or an allowance; takes the number of the request. 补贴发放，须填申请编号
    Subsidy = "SUBSIDY", for a case: true;
    /// To mend or merge records. 数据核对
    DataQuality = "DATA_QUALITY", for a case: false;
    /// To answer a request of the person; takes its number. 答复本人申请，须填申请编号
    SubjectRequest = "SUBJECT_REQUEST", for a case: true;
}

/// As a request declares it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Declared {
    pub code: String,
    pub case_number: Option<String>,
}

const MAX_CASE_NUMBER: usize = 64;

impl Declared {
    /// The purpose, if it is one.
    pub fn check(self) -> Result<Purpose> {
        let code = PurposeCode::named(&self.code)
            .ok_or_else(|| Error::bad_input("There is no such purpose.", "没有这种用途。"))?;
        let case_number = self.case_number.map(|it| it.trim().to_owned());
        let case_number = case_number.filter(|it| !it.is_empty());
        if case_number
            .as_ref()
            .is_some_and(|it| it.chars().count() > MAX_CASE_NUMBER || it.contains(char::is_control))
        {
            return Err(Error::bad_input(
                format!(
                    "A case number has 1 to {MAX_CASE_NUMBER} characters, none of them a control character."
                ),
                format!("案号长度为 1 至 {MAX_CASE_NUMBER} 个字符，且不含控制字符。"),
            ));
        }
        if code.is_for_a_case() && case_number.is_none() {
            return Err(Error::bad_input(
                format!("The purpose {} takes a case number.", code.name()),
                format!("用途 {} 须填写案号或申请编号。", code.name()),
            ));
        }
        Ok(Purpose { code, case_number })
    }
}
