use std::sync::LazyLock;

use async_graphql::{
    Context, ID, MergedObject, Object, SDLExportOptions, SimpleObject, ValidationMode,
};
use value::DivisionCode;

use crate::{
    audit_trail, change_feed, client,
    context::{ContextExt, Nullable},
    directive::{self, sensitivity},
    domain::{self, Node, division::Division},
    error::{Error, ErrorCodes, Result},
    guard::Contract,
    kind::{decode_id, encode_client_id},
    overview,
};

/// What can be asked.
///
/// 查询入口。
#[derive(Default, MergedObject)]
pub struct Query(
    Nodes,
    domain::Queries,
    overview::Queries,
    change_feed::Queries,
    audit_trail::Queries,
    client::Queries,
);

/// What can be done.
///
/// 变更入口。
#[derive(Default, MergedObject)]
pub struct Mutation(domain::Mutations, overview::Mutations, client::Mutations);

pub type Schema = async_graphql::Schema<Query, Mutation, change_feed::Subscriptions>;

/// Above what the guard lets through.
const MAX_NESTING: usize = 256;
/// `nodes` looks up so many at once.
const MAX_NODES: usize = 100;

#[derive(Default)]
pub struct Nodes;

#[Object(name = "NodeQueries")]
impl Nodes {
    /// A record by its id; null when there is none that the caller may see. 按编号查询
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id. 编号")] id: ID,
    ) -> Nullable<Node> {
        let (kind, id) = decode_id(&id)?;
        domain::find(ctx, kind, id).await
    }

    /// Records by their ids, at most 100: in the order given, null where there is none that the
    /// caller may see. 按编号批量查询
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids. 编号列表")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        if ids.len() > MAX_NODES {
            return Err(Error::bad_input(
                format!("At most {MAX_NODES} ids at once."),
                format!("一次最多 {MAX_NODES} 个编号。"),
            ));
        }
        // All at once, so that the loaders see them together.
        let found = ids.iter().map(async |id| {
            let (kind, id) = decode_id(id)?;
            domain::find(ctx, kind, id).await
        });
        Ok(futures_util::future::join_all(found).await)
    }

    /// Who is asking, and what the caller may do. 当前调用方
    async fn viewer(&self, ctx: &Context<'_>) -> Option<ViewerInfo> {
        let viewer = ctx.viewer();
        Some(ViewerInfo {
            client_id: viewer.credential_id.map(encode_client_id),
            name: viewer.credential_id.map(|_| viewer.name.clone()),
            roles: viewer.roles.iter().map(|it| it.name().to_owned()).collect(),
            scopes: viewer.scopes().map(|it| it.name().to_owned()).collect(),
            division_code: viewer.division.clone(),
        })
    }
}

/// Who is asking, and what the caller may do.
///
/// 当前调用方及其权限。
#[derive(Clone, SimpleObject)]
#[graphql(name = "Viewer", complex)]
pub struct ViewerInfo {
    /// The client; null for nobody. 凭证编号
    client_id: Option<String>,
    /// The name of the credential; null for nobody. 凭证名称
    #[graphql(directive = sensitivity::apply("L2".to_owned()))]
    name: Option<String>,
    /// The roles, such as `STEWARD`. 角色
    roles: Vec<String>,
    /// The scopes, such as `worker:read`. 权限
    scopes: Vec<String>,
    /// The division that the caller answers for, with all below it. 管辖区划代码
    division_code: Option<DivisionCode>,
}

#[async_graphql::ComplexObject]
impl ViewerInfo {
    /// The division that the caller answers for. 管辖区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, self.division_code.as_ref()?).await
    }
}

/// The schema: of the program, made once for all services of a process.
pub fn schema() -> Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let subscriptions = change_feed::Subscriptions;
        async_graphql::Schema::build(Query::default(), Mutation::default(), subscriptions)
            .register_output_type::<Node>()
            // The guard has validated every document by then, more exactly.
            .validation_mode(ValidationMode::Fast)
            .limit_recursive_depth(MAX_NESTING)
            .disable_suggestions()
            .extension(ErrorCodes)
            .finish()
    });
    SCHEMA.clone()
}

/// The contract, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .prefer_single_line_descriptions()
        .include_specified_by()
        .use_space_ident()
        .indent_width(2);
    let sdl = schema().sdl_with_options(options);
    directive::annotated(&sdl).expect("every field of a record has its rules")
}

/// What documents are judged by: of the program, read once for all services of a process.
pub fn contract() -> Contract {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
        Contract::parse(&schema().sdl(), domain::entry).expect("the contract is valid")
    });
    CONTRACT.clone()
}
