//! Scopes, and the roles that bundle them.

use super::Standing;

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
    WorkerProfile = "worker:profile",
    WorkerWrite = "worker:write",
    WorkerUnmask = "worker:unmask",
    WorkerLookup = "worker:lookup",
    WorkerErase = "worker:erase",
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
    DisputeDetail = "dispute:detail",
    DisputeWrite = "dispute:write",
    SkillRead = "skill:read",
    SkillWrite = "skill:write",
    TrainingRead = "training:read",
    TrainingWrite = "training:write",
    HonourRead = "honour:read",
    HonourWrite = "honour:write",
    AgreementRead = "agreement:read",
    AgreementWrite = "agreement:write",
    ActivityRead = "activity:read",
    ActivityWrite = "activity:write",
    DemocracyRead = "democracy:read",
    DemocracyWrite = "democracy:write",
    ImportRead = "import:read",
    ImportWrite = "import:write",
    SubjectRequestFile = "subject-request:file",
    SubjectRequestRead = "subject-request:read",
    SubjectRequestWrite = "subject-request:write",
    ChangeRead = "change:read",
    ClientManage = "client:manage",
    ClientGrant = "client:grant",
    AuditRead = "audit:read",
}

/// Scopes that are held together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u64);

const _: () = assert!(Scope::ALL.len() <= 64, "each scope has a bit");

impl Scopes {
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u64) != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |it| self.contains(*it))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Scopes {
        Scopes(scopes.into_iter().fold(0, |held, it| held | 1 << it as u64))
    }
}

/// Writes out the roles: as what each stands, and what it may do.
macro_rules! roles {
    ($($(#[$doc:meta])* $Role:ident = $name:literal as $Standing:ident { $($Scope:ident),* $(,)? }),* $(,)?) => {
        /// A role: a bundle of scopes, for one standing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role {
            $($(#[$doc])* $Role),*
        }

        impl Role {
            pub const ALL: &'static [Role] = &[$(Role::$Role),*];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Role::$Role => $name),*
                }
            }

            pub(super) fn rules(self) -> RoleRules {
                match self {
                    $(Role::$Role => RoleRules {
                        standing: Standing::$Standing,
                        scopes: vec![$(Scope::$Scope),*],
                    }),*
                }
            }
        }
    };
}

/// The rules of a role.
#[derive(Clone, Debug)]
pub struct RoleRules {
    pub standing: Standing,
    pub scopes: Vec<Scope>,
}

roles! {
    /// Anybody: published registers, no person.
    Public = "PUBLIC" as Office { DirectoryRead },
    /// A worker: what is on record about themselves.
    Worker = "WORKER" as Person {
        DirectoryRead, WorkerRead, WorkerProfile, WorkerUnmask, EmployerRead, EntryRead, StudioRead,
        DisputeRead, DisputeDetail, SubjectRequestFile, SubjectRequestRead, SkillRead, TrainingRead,
        HonourRead, ActivityRead, DemocracyRead,
    },
    /// An employer: its own workers (masked), pilots and studios, and the cases that were served on it.
    Employer = "EMPLOYER" as Employer {
        DirectoryRead, WorkerRead, EmployerRead, PilotRead, StudioRead, DisputeRead, DisputeDetail, SkillRead, HonourRead, AgreementRead, DemocracyRead,
    },
    /// A grassroots union: its members and those of the unions below it, and the cases it handles.
    Union = "UNION" as Union {
        DirectoryRead, WorkerRead, WorkerProfile, EmployerRead, StudioRead, DisputeRead, DisputeDetail, SkillRead, TrainingRead, HonourRead, AgreementRead, ActivityRead, DemocracyRead,
    },
    /// The union of a county or district, within it.
    County = "COUNTY" as Territory {
        DirectoryRead, WorkerRead, WorkerProfile, WorkerWrite, EmployerRead, EmployerWrite, UnionWrite,
        PilotRead, PilotWrite, CompetitionWrite, EntryRead, StudioRead, StudioWrite, DisputeRead,
        DisputeDetail, DisputeWrite, ChangeRead, SkillRead, SkillWrite, TrainingRead, TrainingWrite, HonourRead, HonourWrite, AgreementRead, AgreementWrite, ActivityRead, ActivityWrite, DemocracyRead, DemocracyWrite,
    },
    /// The union of a city: as a county's, and numbers whole, with a purpose.
    City = "CITY" as Territory {
        DirectoryRead, WorkerRead, WorkerProfile, WorkerWrite, WorkerUnmask, EmployerRead, EmployerWrite,
        UnionWrite, PilotRead, PilotWrite, CompetitionWrite, EntryRead, StudioRead, StudioWrite,
        DisputeRead, DisputeDetail, DisputeWrite, ChangeRead, SkillRead, SkillWrite, TrainingRead, TrainingWrite, HonourRead, HonourWrite, AgreementRead, AgreementWrite, ActivityRead, ActivityWrite, DemocracyRead, DemocracyWrite,
    },
    /// The union of a province: reads, without the details of persons and disputes.
    Province = "PROVINCE" as Territory {
        DirectoryRead, WorkerRead, EmployerRead, PilotRead, EntryRead, StudioRead, DisputeRead, ChangeRead, SkillRead, TrainingRead, HonourRead, AgreementRead, ActivityRead, DemocracyRead,
    },
    /// Another system, by agreement: workers (masked), employers and unions, and writes to them.
    Partner = "PARTNER" as Territory {
        DirectoryRead, WorkerRead, WorkerProfile, WorkerWrite, EmployerRead, EmployerWrite, UnionWrite,
        ChangeRead,
    },
    /// A mediator, arbitrator or lawyer: the cases assigned to them, unless they are recused.
    Handler = "HANDLER" as Handler {
        DirectoryRead, WorkerRead, WorkerUnmask, EmployerRead, DisputeRead, DisputeDetail,
    },
    /// The data steward: every record within the division, whole.
    Steward = "STEWARD" as Territory {
        DirectoryRead, DirectoryWrite, WorkerRead, WorkerProfile, WorkerWrite, WorkerUnmask, WorkerLookup,
        WorkerErase, EmployerRead, EmployerWrite, UnionWrite, PilotRead, PilotWrite, CompetitionWrite, EntryRead,
        StudioRead, StudioWrite, DisputeRead, DisputeDetail, DisputeWrite, SubjectRequestRead,
        SubjectRequestWrite, ChangeRead, ClientManage, AuditRead, SkillRead, SkillWrite, TrainingRead, TrainingWrite, HonourRead,
        HonourWrite, AgreementRead, AgreementWrite, ActivityRead, ActivityWrite, DemocracyRead, DemocracyWrite,
        ImportRead, ImportWrite,
    },
    /// Keeps the service running; sees no record.
    SystemAdministrator = "SYSTEM_ADMINISTRATOR" as Office {},
    /// Says who may call, and as what; sees no record.
    SecurityAdministrator = "SECURITY_ADMINISTRATOR" as Office { ClientManage, ClientGrant },
    /// Reads who did what; sees no record.
    AuditAdministrator = "AUDIT_ADMINISTRATOR" as Office { AuditRead },
}

impl Role {
    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.iter().copied().find(|it| it.name().eq_ignore_ascii_case(name))
    }
}
