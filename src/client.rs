//! Those who may call, as the graph has them. They are no records: they have no place in the change log,
//! and a secret that was told is not told again, so there is no key that makes asking again safe.

use std::collections::BTreeSet;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use chrono::TimeDelta;
use entity::{
    credential::{Column, Model},
    credential_secret::SecretKind,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;
use value::{DateTime, DivisionCode, Unchecked, text};

use crate::{
    Error, Result, audit,
    context::{ContextExt, Nullable},
    credential::{Credentials, NewCredential, Rights, jwt::KeySet},
    database::Transaction,
    directive::requires,
    domain::{employer::Employer, union_organization::UnionOrganization, worker::Worker},
    error::{UserErrorCode, Violation},
    kind::{decode_client_id, encode_client_id},
    policy::{Policy, Role, Scope},
    resource::{Id, Resource},
    unit_of_work,
    viewer::{Subject, Viewer},
};

const PAGE: std::ops::RangeInclusive<i32> = 1..=100;
const OVERLAP: std::ops::RangeInclusive<i32> = 0..=720;
const MAX_NAME: usize = 100;
/// Of what a provider calls itself and a person.
const MAX_IDENTITY: usize = 255;

/// A system or a person that may call the service.
///
/// 可以调用本服务的系统或个人。
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct Client {
    /// The `client_id` of OAuth, and the `sub` of its tokens. 客户端编号
    oauth_client_id: ID,
    /// The name, which is the actor of what it changes. 名称
    name: String,
    /// The roles, such as `PARTNER`. 角色
    roles: Vec<String>,
    /// The scopes that it holds by them, such as `worker:read`. 权限
    scopes: Vec<String>,
    /// The division that it answers for, with all below it. 管辖区划代码
    division_code: Option<DivisionCode>,
    /// The worker it acts for. 所代表的职工
    worker_id: Option<Id<Worker>>,
    /// The employer it acts for. 所代表的用人单位
    employer_id: Option<Id<Employer>>,
    /// The union it acts for. 所代表的工会组织
    union_id: Option<Id<UnionOrganization>>,
    /// Whether it has public keys, for `private_key_jwt`. 是否登记了公钥
    has_keys: bool,
    /// The OpenID provider of the person. 身份提供方
    issuer: Option<String>,
    /// What the provider calls the person. 身份提供方的用户标识
    subject: Option<String>,
    /// When it was made. 创建时间
    created_at: DateTime,
    /// From when on it is refused. 到期时间
    expires_at: Option<DateTime>,
    /// When it was revoked. 撤销时间
    revoked_at: Option<DateTime>,
    #[graphql(skip)]
    id: Uuid,
}

#[ComplexObject]
impl Client {
    /// The kinds of secrets that it holds now, at most 2. 现有密钥种类
    async fn secret_kinds(&self, ctx: &Context<'_>) -> Nullable<Vec<SecretKind>> {
        Some(credentials(ctx).secrets_of(self.id).await)
    }
}

impl From<Model> for Client {
    fn from(row: Model) -> Client {
        let held = scopes_of(&row);
        let Subject { worker_id, employer_id, union_id } = row.acts_for();
        Client {
            oauth_client_id: encode_client_id(row.id).into(),
            roles: row.held_roles().iter().map(|it| it.name().to_owned()).collect(),
            scopes: held.iter().map(|it| it.name().to_owned()).collect(),
            division_code: row.division(),
            worker_id: worker_id.map(Id::new),
            employer_id: employer_id.map(Id::new),
            union_id: union_id.map(Id::new),
            has_keys: row.jwks.is_some(),
            issuer: row.issuer,
            subject: row.subject,
            created_at: DateTime(row.created_at),
            expires_at: row.expires_at.map(DateTime),
            revoked_at: row.revoked_at.map(DateTime),
            id: row.id,
            name: row.name,
        }
    }
}

/// A client to make.
///
/// 新建客户端。
#[derive(Clone, Debug, InputObject)]
pub struct ClientCreateInput {
    /// A name that is not taken, of at most 100 characters. 名称
    name: String,
    /// The roles, such as `PARTNER`: none that may do what the caller may not. 角色
    roles: Vec<String>,
    /// Fewer scopes than the roles allow, such as `worker:read`. 权限
    scopes: Option<Vec<String>>,
    /// The division it answers for, one of the caller's. 管辖区划代码
    division_code: Option<Unchecked<DivisionCode>>,
    /// The worker it acts for. 所代表的职工
    worker_id: Option<Id<Worker>>,
    /// The employer it acts for. 所代表的用人单位
    employer_id: Option<Id<Employer>>,
    /// The union it acts for. 所代表的工会组织
    union_id: Option<Id<UnionOrganization>>,
    /// Its public keys for `private_key_jwt`: the JSON of a JWK set of 1 to 10 keys. 公钥集
    jwks: Option<String>,
    /// The OpenID provider of the person, with `subject`. 身份提供方
    issuer: Option<String>,
    /// What the provider calls the person. 身份提供方的用户标识
    subject: Option<String>,
    /// What to make for it. By default a client secret, where it brings neither keys nor a person. 需生成的密钥
    secrets: Option<Vec<SecretKind>>,
    /// From when on it is refused. 到期时间
    expires_at: Option<DateTime>,
}

/// A new secret for a client.
///
/// 更换客户端密钥。
#[derive(Clone, Debug, InputObject)]
pub struct ClientRotateSecretInput {
    /// The client. 客户端编号
    client_id: ID,
    /// Which of its secrets. 密钥种类
    #[graphql(default_with = "SecretKind::ClientSecret")]
    kind: SecretKind,
    /// Hours for which the old one stays good, 0 to 720. 旧密钥保留小时数
    #[graphql(default = 24)]
    overlap_hours: i32,
}

/// The end of a client.
///
/// 撤销客户端。
#[derive(Clone, Debug, InputObject)]
pub struct ClientRevokeInput {
    /// The client. 客户端编号
    client_id: ID,
}

/// A secret, told this once.
///
/// 密钥，仅显示一次。
#[derive(Clone, SimpleObject)]
pub struct ClientSecret {
    /// What it is good for. 密钥种类
    kind: SecretKind,
    /// The secret itself: only a hash of it is kept. 密钥
    secret: String,
}

/// What became of the mutation.
///
/// 操作结果。
#[derive(Clone, Default, SimpleObject)]
#[graphql(name = "ClientCreatePayload")]
pub struct Created {
    /// The client; null when it was refused. 客户端
    client: Option<Client>,
    /// Its secrets, at most 2, told this once. 密钥
    secrets: Vec<ClientSecret>,
    /// What the caller can mend; empty when the mutation was done. 可由调用方改正的错误
    user_errors: Vec<Violation>,
}

/// What became of the mutation.
///
/// 操作结果。
#[derive(Clone, Default, SimpleObject)]
#[graphql(name = "ClientRotateSecretPayload")]
pub struct Rotated {
    /// The client; null when it was refused. 客户端
    client: Option<Client>,
    /// The new secret, told this once. 新密钥
    secret: Option<ClientSecret>,
    /// What the caller can mend; empty when the mutation was done. 可由调用方改正的错误
    user_errors: Vec<Violation>,
}

/// What became of the mutation.
///
/// 操作结果。
#[derive(Clone, Default, SimpleObject)]
#[graphql(name = "ClientRevokePayload")]
pub struct Revoked {
    /// The client; null when it was refused. 客户端
    client: Option<Client>,
    /// What the caller can mend; empty when the mutation was done. 可由调用方改正的错误
    user_errors: Vec<Violation>,
}

fn to_manage() -> String {
    Scope::ClientManage.name().to_owned()
}

#[derive(Default)]
pub struct Queries;

#[Object(name = "ClientQueries")]
impl Queries {
    /// The clients of the caller's divisions and those of none, by their names, at most 100. 客户端列表
    #[graphql(directive = requires::apply(to_manage()))]
    async fn clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100. 条数", default = 20)] first: i32,
        #[graphql(desc = "Those whose names come after this one. 起始名称")] after: Option<String>,
    ) -> Nullable<Vec<Client>> {
        Some(page(ctx, first, after).await)
    }

    /// A client by its id; null when there is none in the caller's divisions. 按编号查询客户端
    #[graphql(directive = requires::apply(to_manage()))]
    async fn client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `client_id` of OAuth. 客户端编号")] client_id: ID,
    ) -> Nullable<Client> {
        if let Err(error) = ctx.viewer().require(Scope::ClientManage) {
            return Some(Err(error));
        }
        Some(find(ctx, &client_id).await.transpose()?.map(Client::from))
    }
}

#[derive(Default)]
pub struct Mutations;

#[Object(name = "ClientMutations")]
impl Mutations {
    /// Makes a client, with no more rights than the caller has. 新建客户端
    #[graphql(directive = requires::apply(to_manage()))]
    async fn client_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client. 客户端")] input: ClientCreateInput,
    ) -> Nullable<Created> {
        Some(create(ctx, input).await)
    }

    /// Makes a new secret for a client that has one; the old one stays good for a while. 更换客户端密钥
    #[graphql(directive = requires::apply(to_manage()))]
    async fn client_rotate_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and which. 客户端及密钥种类")] input: ClientRotateSecretInput,
    ) -> Nullable<Rotated> {
        Some(rotate(ctx, input).await)
    }

    /// Ends a client: its tokens and open sockets are over within two seconds. 撤销客户端
    #[graphql(directive = requires::apply(to_manage()))]
    async fn client_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client. 客户端")] input: ClientRevokeInput,
    ) -> Nullable<Revoked> {
        Some(revoke(ctx, input).await)
    }
}

fn credentials<'a>(ctx: &Context<'a>) -> &'a Credentials {
    ctx.data_unchecked::<Credentials>()
}

/// What a client may do by its row, wherever.
fn scopes_of(row: &Model) -> BTreeSet<Scope> {
    Policy::standard().held(&row.held_roles(), row.granted().as_ref()).1
}

/// The clients that a viewer finds: those of its divisions, and those that answer for none.
fn found_by(viewer: &Viewer) -> Condition {
    if viewer.may(Scope::ClientGrant) {
        return Condition::all();
    }
    let within = viewer.territory().holds(Column::DivisionCode);
    Condition::any().add(within).add(Column::DivisionCode.is_null())
}

async fn find(ctx: &Context<'_>, client_id: &ID) -> Result<Option<Model>> {
    let Some(id) = decode_client_id(client_id) else { return Ok(None) };
    let condition = Condition::all().add(Column::Id.eq(id)).add(found_by(ctx.viewer()));
    Ok(credentials(ctx).list(condition, None, 1).await?.pop())
}

async fn page(ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<Vec<Client>> {
    ctx.viewer().require(Scope::ClientManage)?;
    if !PAGE.contains(&first) {
        return Err(Error::bad_input("`first` is from 1 to 100.", "`first` 应为 1 至 100。"));
    }
    // No name has it, and PostgreSQL takes no text with it.
    if after.as_ref().is_some_and(|it| it.contains('\0')) {
        return Err(Error::bad_input(
            "`after` is the name of a client.",
            "`after` 应为客户端名称。",
        ));
    }
    let found = found_by(ctx.viewer());
    let rows = credentials(ctx).list(found, after.as_deref(), first.unsigned_abs().into()).await?;
    Ok(rows.into_iter().map(Client::from).collect())
}

async fn create(ctx: &Context<'_>, input: ClientCreateInput) -> Result<Created> {
    let transaction = begin(ctx).await?;
    let made = async {
        let new = read(ctx, input).await?;
        let kinds = new.secrets.clone();
        let made = credentials(ctx).create_in(&transaction, new).await?;
        let told = kinds.into_iter().zip(made.secrets);
        let told = told.map(|(kind, secret)| ClientSecret { kind, secret }).collect();
        Ok((encode_client_id(made.id).into(), told))
    };
    let made: Result<(ID, Vec<ClientSecret>)> = made.await;
    match end(ctx, transaction, made).await? {
        Ok((client_id, secrets)) => {
            let client = find(ctx, &client_id).await?.map(Client::from);
            Ok(Created { client, secrets, user_errors: Vec::new() })
        }
        Err(user_errors) => Ok(Created { user_errors, ..Created::default() }),
    }
}

async fn rotate(ctx: &Context<'_>, input: ClientRotateSecretInput) -> Result<Rotated> {
    let transaction = begin(ctx).await?;
    let (kind, hours) = (input.kind, input.overlap_hours);
    let rotated = async {
        let row = manageable(ctx, &input.client_id).await?;
        if !OVERLAP.contains(&hours) {
            let message = ("The overlap is 0 to 720 hours.", "保留时间应为 0 至 720 小时。");
            return Err(invalid("overlapHours", message));
        }
        let holds = credentials(ctx).secrets_of(row.id).await?.contains(&kind);
        if !holds || row.revoked_at.is_some() {
            let message = ("The client has no such secret.", "该客户端没有此类密钥。");
            return Err(Violation::inconsistent("kind", message.0, message.1).into());
        }
        let overlap = TimeDelta::hours(hours.into());
        credentials(ctx).rotate_in(&transaction, row.id, kind, overlap).await
    };
    let rotated = rotated.await;
    match end(ctx, transaction, rotated).await? {
        Ok(secret) => {
            let client = find(ctx, &input.client_id).await?.map(Client::from);
            let secret = Some(ClientSecret { kind, secret });
            Ok(Rotated { client, secret, user_errors: Vec::new() })
        }
        Err(user_errors) => Ok(Rotated { user_errors, ..Rotated::default() }),
    }
}

async fn revoke(ctx: &Context<'_>, input: ClientRevokeInput) -> Result<Revoked> {
    let transaction = begin(ctx).await?;
    let revoked = async {
        let row = manageable(ctx, &input.client_id).await?;
        credentials(ctx).revoke_in(&transaction, Column::Id.eq(row.id)).await
    };
    let revoked = revoked.await;
    match end(ctx, transaction, revoked).await? {
        Ok(_) => {
            let client = find(ctx, &input.client_id).await?.map(Client::from);
            Ok(Revoked { client, user_errors: Vec::new() })
        }
        Err(user_errors) => Ok(Revoked { user_errors, ..Revoked::default() }),
    }
}

async fn begin(ctx: &Context<'_>) -> Result<Transaction> {
    let repository = ctx.repository();
    let database = &repository.shared.database;
    if let Err(error) = repository.viewer.require(Scope::ClientManage) {
        let operation = ctx.field().name();
        unit_of_work::note_write(repository, database.write(), operation, error.code()).await?;
        return Err(error);
    }
    database.begin().await
}

/// Keeps what was done with its audit entry, or undoes it and notes that it was refused.
async fn end<T>(
    ctx: &Context<'_>,
    transaction: Transaction,
    outcome: Result<T>,
) -> Result<Result<T, Vec<Violation>>> {
    let (repository, operation) = (ctx.repository(), ctx.field().name());
    let error = match outcome {
        Ok(done) => {
            unit_of_work::note_write(repository, &transaction, operation, audit::DONE).await?;
            transaction.commit().await?;
            return Ok(Ok(done));
        }
        Err(error) => error,
    };
    transaction.rollback().await?;
    let refused = matches!(error, Error::Invalid(_));
    let code = if refused { audit::REFUSED } else { error.code() };
    let database = repository.shared.database.write();
    unit_of_work::note_write(repository, database, operation, code).await?;
    match error {
        Error::Invalid(mut violations) => {
            for it in &mut violations {
                it.path.insert(0, "input".to_owned());
            }
            Ok(Err(violations))
        }
        error => Err(error),
    }
}

/// A client that the viewer may change: one that may do no more than the viewer.
async fn manageable(ctx: &Context<'_>, client_id: &ID) -> Result<Model> {
    let row = find(ctx, client_id).await?.ok_or_else(|| Violation::not_found("clientId"))?;
    if ctx.viewer().may(Scope::ClientGrant) {
        return Ok(row);
    }
    match scopes_of(&row).into_iter().find(|it| !ctx.viewer().may(*it)) {
        None => Ok(row),
        Some(scope) => Err(beyond("clientId", scope).into()),
    }
}

/// Reads a client to make. Nobody gives what they do not have, but for whose office it is.
async fn read(ctx: &Context<'_>, input: ClientCreateInput) -> Result<NewCredential> {
    let (repository, viewer) = (ctx.repository(), ctx.viewer());
    let name = text::line(&input.name, MAX_NAME).map_err(|it| Violation::defect("name", it))?;
    let roles: Vec<Role> = named("roles", &input.roles, Role::named)?;
    if roles.is_empty() {
        return Err(Violation::required("roles").into());
    }
    let scopes = input.scopes.map(|it| named("scopes", &it, Scope::named)).transpose()?;
    let rules: Vec<_> = roles.iter().map(|it| viewer.policy().role(*it)).collect();
    if rules.iter().any(|it| it.standing != rules[0].standing) {
        return Err(Violation::inconsistent(
            "roles",
            "These roles do not ask for the same: one client has roles of one standing.",
            "所列角色的身份不同，一个客户端只能拥有同一身份的角色。",
        )
        .into());
    }
    let grants = viewer.may(Scope::ClientGrant);
    let held = rules.iter().flat_map(|it| &it.scopes);
    let held = held.filter(|it| scopes.as_ref().is_none_or(|scopes| scopes.contains(it)));
    if let Some(scope) = held.copied().find(|it| !grants && !viewer.may(*it)) {
        return Err(beyond("roles", scope).into());
    }
    let division = match &input.division_code {
        None => None,
        Some(code) => {
            let checked = code.check(&repository.rules());
            let code = checked.map_err(|it| Violation::defect("divisionCode", it))?.value;
            if !grants && !viewer.territory().covers(code.as_str()) {
                let message = "The division is none of yours.";
                let code = UserErrorCode::OutOfScope;
                return Err(Violation::new(code, "divisionCode", message, "超出管辖范围。").into());
            }
            Some(code)
        }
    };
    let subject = Subject {
        worker_id: there(ctx, "workerId", input.worker_id).await?,
        employer_id: there(ctx, "employerId", input.employer_id).await?,
        union_id: there(ctx, "unionId", input.union_id).await?,
    };
    let jwks = match &input.jwks {
        None => None,
        Some(json) => Some(key_set(json)?),
    };
    let identity = |path: &str, it: &str| {
        text::line(it, MAX_IDENTITY).map_err(|it| Error::from(Violation::defect(path, it)))
    };
    let person = match (&input.issuer, &input.subject) {
        (Some(issuer), Some(subject)) => {
            Some((identity("issuer", issuer)?, identity("subject", subject)?))
        }
        (None, None) => None,
        (None, Some(_)) => return Err(Violation::required("issuer").into()),
        (Some(_), None) => return Err(Violation::required("subject").into()),
    };
    let expires_at = input.expires_at.map(|it| it.0);
    if expires_at.is_some_and(|it| it <= repository.shared.clock.now()) {
        return Err(invalid("expiresAt", ("That is past.", "到期时间已过。")));
    }
    let by_default = || match (&jwks, &person) {
        (None, None) => vec![SecretKind::ClientSecret],
        _ => Vec::new(),
    };
    let mut secrets = input.secrets.unwrap_or_else(by_default);
    secrets.sort_unstable();
    secrets.dedup();
    Ok(NewCredential { name, roles, scopes, division, subject, expires_at, secrets, jwks, person })
}

/// Reads a JWK set, and keeps no more of it than is read.
fn key_set(json: &str) -> Result<serde_json::Value> {
    let read = match serde_json::from_str(json) {
        Ok(set) => KeySet::of_client(&set).map(|_| set),
        Err(_) => Err("it is no JSON"),
    };
    read.map_err(|fault| {
        let message = format!("This is no set of public keys: {fault}.");
        let code = UserErrorCode::InvalidValue;
        Violation::new(code, "jwks", message, "公钥集无效：须为含 1 至 10 个公钥的 JWK 集。").into()
    })
}

fn named<T>(path: &str, names: &[String], named: fn(&str) -> Option<T>) -> Result<Vec<T>> {
    let unknown = |place: usize| {
        invalid(&format!("{path}.{place}"), ("There is none of this name.", "没有此名称。"))
    };
    let read = names.iter().enumerate();
    read.map(|(place, it)| named(it).ok_or_else(|| unknown(place))).collect()
}

/// A record that the viewer sees.
async fn there<R: Resource>(
    ctx: &Context<'_>,
    path: &str,
    id: Option<Id<R>>,
) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    // Whose office it is to grant sees no record.
    if ctx.viewer().may(Scope::ClientGrant) {
        return Ok(Some(id.uuid()));
    }
    match ctx.find::<R>(Some(id)).await.transpose()? {
        Some(_) => Ok(Some(id.uuid())),
        None => Err(Violation::not_found(path).into()),
    }
}

fn invalid(path: &str, (message, message_zh): (&str, &str)) -> Error {
    Violation::new(UserErrorCode::InvalidValue, path, message, message_zh).into()
}

fn beyond(path: &str, scope: Scope) -> Violation {
    let scope = scope.name();
    Violation::new(
        UserErrorCode::OutOfScope,
        path,
        format!("You do not hold the scope {scope} yourself."),
        format!("您本身没有权限 {scope}。"),
    )
}
