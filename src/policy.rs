//! The one table of what may be seen and done: kind × right, field × right. Nothing is allowed
//! that is not listed here, and a kind that is not listed does not compile.

use async_graphql::SimpleObject;
use value::{IdNumber, Phone};

use crate::kind::Kind;

/// Writes out the scopes: the rights that a credential can hold.
macro_rules! scopes {
    ($($Scope:ident = $name:literal),* $(,)?) => {
        /// A right. A credential holds those of its roles, or fewer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Scope {
            $($Scope),*
        }

        impl Scope {
            pub const ALL: &'static [Scope] = &[$(Scope::$Scope),*];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Scope::$Scope => $name),*
                }
            }

            pub fn named(name: &str) -> Option<Scope> {
                Scope::ALL.iter().copied().find(|it| it.name() == name)
            }
        }
    };
}

scopes! {
    DirectoryRead = "directory:read",
    DirectoryWrite = "directory:write",
    WorkerRead = "worker:read",
    WorkerWrite = "worker:write",
    WorkerUnmask = "worker:unmask",
    WorkerLookup = "worker:lookup",
    EmployerRead = "employer:read",
    EmployerWrite = "employer:write",
    UnionWrite = "union:write",
    PilotRead = "pilot:read",
    PilotWrite = "pilot:write",
    CompetitionWrite = "competition:write",
    EntryRead = "competition-entry:read",
    StudioRead = "studio:read",
    StudioWrite = "studio:write",
    DisputeRead = "dispute:read",
    DisputeWrite = "dispute:write",
    ChangeRead = "change:read",
}

/// A role: a bundle of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Anybody: published registers, no person.
    Public,
    /// Another system, by agreement: workers (masked), employers and unions, and writes to them.
    Partner,
    /// The union of a county or district, within it.
    County,
    /// The data steward: everything within the division, unmasked.
    Steward,
}

impl Role {
    pub const ALL: &'static [Role] = &[Role::Public, Role::Partner, Role::County, Role::Steward];

    pub const fn name(self) -> &'static str {
        match self {
            Role::Public => "PUBLIC",
            Role::Partner => "PARTNER",
            Role::County => "COUNTY",
            Role::Steward => "STEWARD",
        }
    }

    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.iter().copied().find(|it| it.name().eq_ignore_ascii_case(name))
    }

    /// What the role may do.
    pub const fn scopes(self) -> &'static [Scope] {
        match self {
            Role::Public => &[Scope::DirectoryRead],
            Role::Partner => &[
                Scope::DirectoryRead,
                Scope::WorkerRead,
                Scope::WorkerWrite,
                Scope::EmployerRead,
                Scope::EmployerWrite,
                Scope::UnionWrite,
                Scope::ChangeRead,
            ],
            Role::County => &[
                Scope::DirectoryRead,
                Scope::WorkerRead,
                Scope::WorkerWrite,
                Scope::EmployerRead,
                Scope::EmployerWrite,
                Scope::UnionWrite,
                Scope::PilotRead,
                Scope::PilotWrite,
                Scope::CompetitionWrite,
                Scope::EntryRead,
                Scope::StudioRead,
                Scope::StudioWrite,
                Scope::DisputeRead,
                Scope::DisputeWrite,
                Scope::ChangeRead,
            ],
            Role::Steward => Scope::ALL,
        }
    }
}

/// Which rows of a kind a viewer with the right to read may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of them: a published register.
    Everywhere,
    /// Those of the viewer's divisions.
    Territory,
}

/// The rights on a kind.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    pub read: Scope,
    pub write: Scope,
    pub reach: Reach,
}

/// The rights on a kind of record.
pub const fn rights(kind: Kind) -> Rights {
    use Reach::{Everywhere, Territory};
    let (read, write, reach) = match kind {
        Kind::Division => (Scope::DirectoryRead, Scope::DirectoryWrite, Everywhere),
        Kind::UnionOrganization => (Scope::DirectoryRead, Scope::UnionWrite, Everywhere),
        Kind::Competition | Kind::CompetitionEvent => {
            (Scope::DirectoryRead, Scope::CompetitionWrite, Everywhere)
        }
        Kind::Worker | Kind::EmploymentRelation | Kind::UnionMembership => {
            (Scope::WorkerRead, Scope::WorkerWrite, Territory)
        }
        Kind::Employer => (Scope::EmployerRead, Scope::EmployerWrite, Territory),
        Kind::PilotBatch | Kind::PilotUnit | Kind::PilotMeasure | Kind::BestPractice => {
            (Scope::PilotRead, Scope::PilotWrite, Territory)
        }
        Kind::CompetitionEntry | Kind::CompetitionAward => {
            (Scope::EntryRead, Scope::CompetitionWrite, Territory)
        }
        Kind::InnovationStudio
        | Kind::StudioAccreditation
        | Kind::StudioMember
        | Kind::StudioGrant
        | Kind::InnovationAchievement => (Scope::StudioRead, Scope::StudioWrite, Territory),
        Kind::DisputeCase
        | Kind::DisputeParty
        | Kind::DisputeClaim
        | Kind::DisputeProceeding
        | Kind::WageRecovery => (Scope::DisputeRead, Scope::DisputeWrite, Territory),
        // Written by the machines alone, with the right to the record that moved.
        Kind::StateTransition => (Scope::ChangeRead, Scope::DirectoryWrite, Territory),
    };
    Rights { read, write, reach }
}

/// A field that not every reader of its row may see as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectedField {
    WorkerIdNumber,
    WorkerPhone,
}

impl ProtectedField {
    /// The scope that shows the value itself.
    pub const fn unmask(self) -> Scope {
        match self {
            ProtectedField::WorkerIdNumber | ProtectedField::WorkerPhone => Scope::WorkerUnmask,
        }
    }
}

/// A value of which there is a mask.
pub trait Masked {
    fn whole(&self) -> &str;

    fn mask(&self) -> String;
}

impl Masked for IdNumber {
    fn whole(&self) -> &str {
        self.expose()
    }

    fn mask(&self) -> String {
        self.masked()
    }
}

impl Masked for Phone {
    fn whole(&self) -> &str {
        self.expose()
    }

    fn mask(&self) -> String {
        self.masked()
    }
}

/// A personal value, whole or masked, and which of the two it is.
///
/// 个人信息值：原值或脱敏值，并标明属于哪一种。
#[derive(Clone, SimpleObject)]
pub struct ProtectedText {
    /// The value, or its mask with a fixed number of `*`. 原值或脱敏值
    pub value: String,
    /// True when `value` is a mask. A mask is never accepted where a value is asked for. 是否已脱敏
    pub is_masked: bool,
    /// The scope that would show the value; null when it is shown. 查看原值所需权限
    pub unmask_scope: Option<String>,
}
