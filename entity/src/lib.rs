//! Tables: one a file, its columns and the closed lists they hold; no rules, no API.

// What the domain is about.
/// An administrative division, past or present. 行政区划
pub mod division;
/// A unit that employs workers. 用人单位
pub mod employer;
/// A worker. 职工
pub mod worker;
/// A worker's employment by an employer. 劳动关系
pub mod employment_relation;
/// A trade-union organization. 工会组织
pub mod union_organization;
/// A worker's membership in a union. 会籍
pub mod union_membership;
/// A batch of pilots of the industrial workforce reform. 产业工人队伍建设改革试点批次
pub mod pilot_batch;
/// A county, district or grassroots unit that pilots the reform. 试点单位
pub mod pilot_unit;
/// A measure a pilot unit takes. 试点举措
pub mod pilot_measure;
/// A practice of a pilot unit worth spreading. 典型经验
pub mod best_practice;
/// A labour or skill competition. 竞赛
pub mod competition;
/// An event of a competition, for one trade. 赛项
pub mod competition_event;
/// A worker's entry in an event. 参赛
pub mod competition_entry;
/// An award won in an event. 竞赛奖项
pub mod competition_award;
/// A Model-Worker and Craftsman Innovation Studio. 劳模和工匠人才创新工作室
pub mod innovation_studio;
/// The naming of a studio at a level. 创新工作室命名
pub mod studio_accreditation;
/// A worker's place in a studio. 创新工作室成员
pub mod studio_member;
/// Money granted to a studio. 创新工作室补助
pub mod studio_grant;
/// An achievement of innovation. 创新成果
pub mod innovation_achievement;
/// A labour dispute, with all its proceedings. 劳动争议案件
pub mod dispute_case;
/// A party to a dispute. 争议当事人
pub mod dispute_party;
/// A claim raised in a dispute. 仲裁（调解）请求
pub mod dispute_claim;
/// One stage a dispute goes through, before one body. 争议处理程序
pub mod dispute_proceeding;
/// Pay recovered for one worker in one case. 劳动报酬追讨
pub mod wage_recovery;
/// One step of a state machine that was taken. 状态变更记录
pub mod state_transition;

// What the kernel keeps.
/// What another system calls a record. 外部标识
pub mod external_id;
/// A client that may call the service. 访问凭证
pub mod credential;
/// The first answer to a mutation, for those who ask again. 幂等记录
pub mod idempotency_record;
/// One change of one record, in the order every reader sees. 变更日志
pub mod change_log;
/// A change that waits for its number in the change log. 变更发件箱
pub mod outbox;
/// Who did what, and how it ended. 审计记录
pub mod audit_entry;
/// Who may do what only one may do, and until when. 租约
pub mod lease;
/// A value the installation keeps. 设置
pub mod setting;
