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
/// Who handles a case. 案件承办指派
pub mod dispute_assignment;
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
/// A document of the reform, such as the plan of a batch of pilots. 产改政策文件
pub mod policy_document;
/// What a figure is to reach within a period. 任务指标
pub mod performance_target;
/// A measure by which an employer pays workers for skill and contribution. 企业薪酬分配改革举措
pub mod pay_reform_measure;
/// What a measure of pay reform grants each month for a skill level. 技能津贴标准
pub mod skill_allowance;
/// The party or the union reaching the workers of an employer. 党组织、工会组织覆盖
pub mod organization_coverage;
/// An institution that evaluates vocational skill, filed with the authority. 技能人才评价机构
pub mod skill_evaluation_institution;
/// A certificate of vocational skill. 职业技能等级证书
pub mod skill_certificate;
/// A series of professional titles, as the national list has it. 职称系列
pub mod title_series;
/// What it takes to get from a skill level to a title, or back. 职称与职业技能等级贯通规则
pub mod pathway_rule;
/// A professional title that a worker holds. 专业技术职称
pub mod professional_title;
/// The recognition of a skill level as a title, or of a title as a skill level. 职称与职业技能等级贯通认定
pub mod pathway_recognition;
/// Who trains: a technical college, a vocational school, the centre of an enterprise. 培训机构
pub mod training_provider;
/// A course that was or is given. 培训班次
pub mod training_program;
/// The place of a worker in a course. 培训学员
pub mod training_enrollment;
/// A subsidy for training, from application to payment. 职业培训补贴
pub mod training_subsidy_payment;
/// The right to host a competition of others. 竞赛承办权
pub mod hosting_right;
/// A title of honour. 荣誉称号
pub mod honour_title;
/// One selection for a title of honour. 荣誉评选批次
pub mod honour_round;
/// A recommendation for a title of honour. 荣誉推荐
pub mod honour_nomination;
/// A title of honour that was conferred. 荣誉授予记录
pub mod honour_award;
/// A selection of the best, such as the ten best achievements. 创新评选活动
pub mod selection;
/// A studio or an achievement that was selected. 评选结果
pub mod selection_result;
/// An exhibition or exchange where innovations are shown. 展览交流活动
pub mod exhibition;
/// An achievement, a studio or a person at an exhibition. 参展记录
pub mod exhibition_entry;
/// An agreement on the use of an achievement: an intent, a framework or a contract. 成果转化协议
pub mod conversion_agreement;
/// What a person gets of the revenue of an achievement. 成果转化收益分配
pub mod revenue_share;
/// An alliance of innovation studios. 职工创新联盟
pub mod innovation_alliance;
/// The place of a studio in an alliance. 创新联盟成员
pub mod alliance_membership;
/// What an alliance did. 创新联盟活动
pub mod alliance_activity;
/// An agreement between a union and employers. 集体合同
pub mod collective_agreement;
/// An employer or a union that an agreement binds. 集体合同当事方
pub mod agreement_party;
/// The review of an agreement by the authority. 集体合同审查备案
pub mod agreement_review;
/// An event at which workers join the union, such as by scanning a code. 集中入会活动
pub mod membership_drive;
/// The application of a worker to join a union. 入会申请
pub mod membership_application;
/// The work of a person for a platform. 新就业形态从业
pub mod gig_engagement;
/// A campaign, such as one of volunteers or of labour competitions. 主题活动
pub mod campaign;
/// An activity for workers. 职工活动
pub mod activity;
/// The part of a worker in an activity. 活动参与记录
pub mod activity_participation;
/// The enrolment of a worker as a volunteer. 职工志愿者
pub mod volunteer_enrollment;
/// Service that a volunteer did. 志愿服务记录
pub mod volunteer_service_record;
pub mod workers_congress;
pub mod congress_session;
pub mod congress_delegate;
pub mod representation_quota;
pub mod proposal;
pub mod disclosure_item;
pub mod employee_director;
pub mod holiday;
pub mod deadline;
pub mod union_legal_notice;
pub mod hotline_ticket;
pub mod legal_aid_grant;
pub mod wage_arrears_case;
pub mod wage_arrears_party;
pub mod score_component;
pub mod score_sheet;
pub mod competition_team;
pub mod competition_appeal;
pub mod promotion_rule;
pub mod membership_transfer;
pub mod union_officer;
pub mod code_system;
pub mod code;
pub mod code_mapping;
pub mod metric_snapshot;
pub mod import_batch;
pub mod raw_record;
pub mod quality_issue;
/// What a person asks about the record that is kept of them. 个人信息权利请求
pub mod data_subject_request;
/// One step of a state machine that was taken. 状态变更记录
pub mod state_transition;

// What the kernel keeps.
/// What another system calls a record. 外部标识
pub mod external_id;
/// A principal that may call the service. 访问凭证
pub mod credential;
/// The hash of a secret that a client holds. 凭证密钥
pub mod credential_secret;
/// An assertion of a client, which is good once. 已使用的客户端断言
pub mod used_assertion;
/// A key that signs access tokens. 令牌签名密钥
pub mod signing_key;
/// The first answer to a mutation, for those who ask again. 幂等记录
pub mod idempotency_record;
/// One change of one record, in the order every reader sees. 变更日志
pub mod change_log;
/// A change that waits for its number in the change log. 变更发件箱
pub mod outbox;
/// Who did what, and how it ended. 审计记录
pub mod audit_entry;
/// Places in the chain of the audit trail. 审计链位置
pub mod audit_seal;
/// Signed statements of what the audit trail was. 审计检查点
pub mod audit_checkpoint;
/// Who may do what only one may do, and until when. 租约
pub mod lease;
/// A value the installation keeps. 设置
pub mod setting;
