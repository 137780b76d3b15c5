//! Mutations of one record, as far as they differ in names alone: what each is called, the shapes of
//! input that many have, and the payload that all have.
//!
//! The shapes are generic and not written out, for there are hundreds of them.

use std::{borrow::Cow, fmt::Debug, marker::PhantomData};

use async_graphql::{
    Context, ContextSelectionSet, InputObject, InputObjectType, InputType, InputValueError,
    InputValueResult, Name, OutputType, Pos, Positioned, ServerResult, SimpleObject, TypeName,
    Value,
    indexmap::IndexMap,
    parser::types::Field,
    registry::{MetaField, MetaType, MetaTypeId, ObjectBuilder, Registry},
    resolver_utils::{ContainerType, resolve_container, resolve_simple_field_value},
};

use futures_util::future::BoxFuture;

use crate::{
    Error, Result,
    context::{ContextExt, Nullable},
    error::Violation,
    machine::{Machine, StepDetails},
    resource::{Id, Resource},
    unit_of_work::{
        Claim, ExternalId, Outcome, RecordOptions, UnitOfWork, WriteOptions, version_of,
    },
};

/// A mutation of one record.
pub trait Operation: Clone + Debug + Send + Sync + 'static {
    type Resource: Resource;

    /// What its types are called after: `StudioGrantPay`.
    const NAME: &'static str;
}

/// Names one record, in the version that the caller knows.
///
/// 指定一条记录及其版本。
#[derive(Clone, Debug, InputObject)]
#[graphql(name_type)]
pub struct RecordInput<O: Operation> {
    /// The record. 记录编号
    pub id: Id<O::Resource>,
    /// The version that the caller knows. 期望版本
    pub expected_version: i32,
    #[graphql(flatten)]
    pub options: WriteOptions,
    #[graphql(skip)]
    operation: PhantomData<fn() -> O>,
}

/// Names one record, and says when and on what basis it takes a step.
///
/// 指定一条记录，并说明步骤的日期和依据。
#[derive(Clone, Debug, InputObject)]
#[graphql(name_type)]
pub struct StepInput<O: Operation> {
    /// The record. 记录编号
    pub id: Id<O::Resource>,
    /// The version of the record that the caller knows. 期望版本
    pub expected_version: i32,
    #[graphql(flatten)]
    pub details: StepDetails,
    #[graphql(flatten)]
    pub options: WriteOptions,
    #[graphql(skip)]
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> TypeName for RecordInput<O> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Input", O::NAME).into()
    }
}

impl<O: Operation> TypeName for StepInput<O> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Input", O::NAME).into()
    }
}

/// A mutation that makes a record, or changes the one that a source has a name for.
pub trait Upsert: Operation {
    type Create: InputObjectType + Clone + Debug;
    type Update: InputObjectType;

    fn create<'w>(
        work: &'w mut UnitOfWork<'_>,
        input: Self::Create,
    ) -> BoxFuture<'w, Result<Self::Resource>>;

    fn update<'w>(
        work: &'w mut UnitOfWork<'_>,
        input: Self::Update,
    ) -> BoxFuture<'w, Result<Self::Resource>>;
}

/// Says of a record all that its creation takes, and what the source calls it. Where a record has that name,
/// it is changed: what an update takes, absent keeps, null clears, a value sets; what only the creation
/// takes stays as it is.
///
/// 按外部编号新增或更新：没有则新增；已有则更新，省略则保留，null 则清除，只在新增时有效的字段保持不变。
#[derive(Clone, Debug, InputObject)]
#[graphql(name_type)]
pub struct UpsertInput<O: Upsert> {
    /// What the source calls the record. 外部编号
    pub external_id: ExternalId,
    /// The version that the caller knows; absent: whichever the record has. Not looked at where there is
    /// none. 期望版本
    pub expected_version: Option<i32>,
    #[graphql(flatten)]
    pub said: Said<O>,
}

impl<O: Upsert> TypeName for UpsertInput<O> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Input", O::NAME).into()
    }
}

/// The fields of a creation, as they were sent: what is absent is not null, should they become a change.
#[derive(Clone, Debug)]
pub struct Said<O: Upsert> {
    create: O::Create,
    options: RecordOptions,
    fields: IndexMap<Name, Value>,
}

impl<O: Upsert> Said<O> {
    fn into_update(mut self, id: Id<O::Resource>, version: i32) -> Result<O::Update> {
        self.fields.insert(Name::new("id"), id.to_value());
        self.fields.insert(Name::new("expectedVersion"), version.into());
        let update = InputType::parse(Some(Value::Object(self.fields)));
        update.map_err(|error: InputValueError<O::Update>| {
            Error::bad_input(error.into_server_error(Pos::default()).message, "参数无法解析。")
        })
    }
}

impl<O: Upsert> InputType for Said<O> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        O::Create::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        O::Create::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let create = InputType::parse(value.clone()).map_err(InputValueError::propagate)?;
        let options = InputType::parse(value.clone()).map_err(InputValueError::propagate)?;
        match value {
            Some(Value::Object(fields)) => Ok(Said { create, options, fields }),
            other => Err(InputValueError::expected_type(other.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::Object(self.fields.clone())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<O: Upsert> InputObjectType for Said<O> {}

/// What became of a mutation: the record, in a field of its own name, and what all payloads have.
#[derive(Clone)]
pub struct Payload<O: Operation> {
    record: Option<O::Resource>,
    told: Told,
}

/// What all payloads have.
#[derive(Clone, SimpleObject)]
struct Told {
    /// What the caller can mend; empty when the mutation was done. 可由调用方改正的错误
    user_errors: Vec<Violation>,
    /// What should be known of the values that were taken. 提示
    warnings: Vec<Violation>,
    /// A place in the change log: whoever read on to it has seen this mutation. Null when nothing
    /// changed. 变更游标
    change_cursor: Option<String>,
    /// True when this is the first answer to the same idempotency key again. 是否为重放的结果
    replayed: bool,
}

impl<O: Operation> From<Outcome<O::Resource>> for Payload<O> {
    fn from(outcome: Outcome<O::Resource>) -> Payload<O> {
        let Outcome { result, user_errors, warnings, change_cursor, replayed, .. } = outcome;
        Payload { record: result, told: Told { user_errors, warnings, change_cursor, replayed } }
    }
}

/// The field of a payload that holds the record: the name of the kind.
fn field<R: Resource>() -> String {
    let name = R::KIND.name();
    name[..1].to_ascii_lowercase() + &name[1..]
}

impl<O: Operation> OutputType for Payload<O> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Payload", O::NAME).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            let record = MetaField {
                ty: <Option<O::Resource>>::create_type_info(registry),
                description: Some(
                    "The record as it is after the mutation; null when it was refused. 操作后的记录"
                        .to_owned(),
                ),
                ..told(registry)["replayed"].clone()
            };
            let name = field::<O::Resource>();
            let mut fields = told(registry);
            fields.shift_insert(0, name.clone(), MetaField { name, ..record });
            ObjectBuilder::new(Self::type_name(), fields)
                .description(Some("What became of the mutation.\n\n操作结果。".to_owned()))
                .build()
        })
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

type Fields = IndexMap<String, MetaField>;

/// The fields that all payloads have, as the library made them out. Nothing refers to their own type,
/// which so is not in the contract.
fn told(registry: &mut Registry) -> Fields {
    Told::create_type_info(registry);
    match registry.types.get(&*Told::type_name()) {
        Some(MetaType::Object { fields, .. }) => fields.clone(),
        _ => unreachable!("it was entered above"),
    }
}

impl<O: Operation> ContainerType for Payload<O> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        if ctx.item.node.name.node == field::<O::Resource>() {
            resolve_simple_field_value(ctx, &self.record).await
        } else {
            self.told.resolve_field(ctx).await
        }
    }
}

impl<O: Operation> async_graphql::ObjectType for Payload<O> {}

/// Takes a step of a machine.
pub async fn step<O: Operation<Resource: Machine>>(
    ctx: &Context<'_>,
    input: StepInput<O>,
    step: <O::Resource as Machine>::Step,
) -> Nullable<Payload<O>> {
    let StepInput { id, expected_version, details, options, .. } = input;
    Some(take(ctx, (id, expected_version, details), options, step).await.map(Payload::from))
}

/// Archives a record.
pub async fn archive<O: Operation>(
    ctx: &Context<'_>,
    input: RecordInput<O>,
) -> Nullable<Payload<O>> {
    let RecordInput { id, expected_version, options, .. } = input;
    let kind = O::Resource::KIND;
    let write = ctx.write(kind, options, (id, expected_version), |work, (id, version)| {
        Box::pin(work.archive_version(id, version))
    });
    Some(write.await)
}

/// Brings back an archived record.
pub async fn restore<O: Operation>(
    ctx: &Context<'_>,
    input: RecordInput<O>,
) -> Nullable<Payload<O>> {
    let RecordInput { id, expected_version, options, .. } = input;
    let kind = O::Resource::KIND;
    let write = ctx.write(kind, options, (id, expected_version), |work, (id, version)| {
        Box::pin(work.restore_version(id, version))
    });
    Some(write.await)
}

/// Makes a record, or changes the one that has the name.
pub async fn upsert<O: Upsert>(ctx: &Context<'_>, input: UpsertInput<O>) -> Nullable<Payload<O>> {
    let options = input.said.options.clone();
    let write =
        ctx.write(O::Resource::KIND, options, input, |work, input| Box::pin(put(work, input)));
    Some(write.await)
}

async fn put<O: Upsert>(work: &mut UnitOfWork<'_>, input: UpsertInput<O>) -> Result<O::Resource> {
    let UpsertInput { external_id, expected_version, said } = input;
    match work.claim::<O::Resource>("externalId", &external_id).await? {
        Claim::New => O::create(work, said.create).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<O::Resource>(id, expected_version).await?;
            let version = version_of::<O::Resource>(&row);
            O::update(work, said.into_update(Id::new(id), version)?).await
        }
    }
}

/// Made once a kind, not once a step.
async fn take<M: Machine>(
    ctx: &Context<'_>,
    said: (Id<M>, i32, StepDetails),
    options: WriteOptions,
    step: M::Step,
) -> Result<Outcome<M>> {
    ctx.write(M::KIND, options, said, move |work, (id, version, details)| {
        Box::pin(async move {
            let row = work.find_version::<M>(id, version).await?;
            work.step::<M>(row, step, details, |_| ()).await
        })
    })
    .await
}
