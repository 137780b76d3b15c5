//! The resolvers that every kind of record has, which differ in names alone: found by a key, listed, written,
//! archived and brought back.

/// Writes out the queries of a kind that is looked up by its id: one and many. No logic.
macro_rules! reads {
    (
        $Queries:ident($name:literal) of $Resource:ident by $By:ident, $Where:ident, $Order:ident {
            $(#[$one_doc:meta])*
            $one:ident = $one_name:literal,
            $(#[$many_doc:meta])*
            $many:ident = $many_name:literal $(,)?
        }
    ) => {
        /// What names one record: exactly one of these.
        ///
        /// 定位一条记录的条件，必须且只能给出一个。
        #[derive(Clone, Debug, async_graphql::OneofObject)]
        pub enum $By {
            /// The id. 编号
            Id(crate::resource::Id<$Resource>),
            /// What another system calls it. 外部编号
            ExternalId(crate::unit_of_work::ExternalId),
        }

        impl crate::link::Key for $By {
            type Resource = $Resource;

            fn criterion(
                self,
                _: &crate::repository::Repository,
            ) -> crate::Result<crate::link::Criterion> {
                Ok(match self {
                    $By::Id(id) => id.into(),
                    $By::ExternalId(name) => {
                        crate::unit_of_work::has_name::<$Resource>(&name).into()
                    }
                })
            }
        }

        impl crate::link::Root for $Resource {
            type By = $By;

            const ONE: &'static str = $one_name;
            const MANY: &'static str = $many_name;
        }

        #[derive(Default)]
        pub struct $Queries;

        crate::shell::planned!($Queries of $Resource);

        #[async_graphql::Object(name = $name)]
        impl $Queries {
            $(#[$one_doc])*
            async fn $one(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "What names it. 定位条件")] by: $By,
            ) -> crate::context::Nullable<$Resource> {
                use crate::context::ContextExt;
                ctx.find_by(by).await
            }

            $(#[$many_doc])*
            #[expect(clippy::too_many_arguments, reason = "Relay names them")]
            async fn $many(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<$Where>,
                #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
                    Vec<crate::list::OrderBy<$Order>>,
                >,
                #[graphql(
                    desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条"
                )]
                first: Option<i32>,
                #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
                #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
                #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
            ) -> crate::context::Nullable<crate::connection::Connection<$Resource>> {
                use crate::context::ContextExt;
                ctx.list(filter, order_by, crate::list::Page { first, after, last, before }).await
            }
        }
    };
}

/// Writes out the mutations of a kind: each an input, and what is done with it. No logic.
macro_rules! writes {
    (
        $Mutations:ident($name:literal) of $Resource:ident {
            $(
                $(#[$doc:meta])*
                $method:ident: $Input:ident => $Operation:ident = $function:ident
            ),* $(,)?
        }
        $(upsert {
            $(#[$upsert_doc:meta])*
            $upsert:ident: $Upsert:ident of $Create:ident, $Update:ident
        })?
        $(archive {
            $(#[$archive_doc:meta])*
            $archive:ident: $Archive:ident
        })?
        $(restore {
            $(#[$restore_doc:meta])*
            $restore:ident: $Restore:ident
        })?
    ) => {
        $(crate::shell::operation!($Operation of $Resource);)*
        $(crate::shell::operation!($Upsert of $Resource);

        impl crate::operation::Upsert for $Upsert {
            type Create = $Create;
            type Update = $Update;

            fn create<'w>(
                work: &'w mut crate::unit_of_work::UnitOfWork<'_>,
                input: $Create,
            ) -> futures_util::future::BoxFuture<'w, crate::Result<$Resource>> {
                Box::pin(create(work, input))
            }

            fn update<'w>(
                work: &'w mut crate::unit_of_work::UnitOfWork<'_>,
                input: $Update,
            ) -> futures_util::future::BoxFuture<'w, crate::Result<$Resource>> {
                Box::pin(update(work, input))
            }
        })?
        $(crate::shell::operation!($Archive of $Resource);)?
        $(crate::shell::operation!($Restore of $Resource);)?

        #[derive(Default)]
        pub struct $Mutations;

        #[async_graphql::Object(name = $name)]
        impl $Mutations {
            $(
                $(#[$doc])*
                #[graphql(directive = crate::directive::requires::apply(
                    crate::directive::to_write(<$Resource as crate::resource::Resource>::KIND)
                ))]
                async fn $method(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "What to write. 输入")] input: $Input,
                ) -> crate::context::Nullable<crate::operation::Payload<$Operation>> {
                    use crate::context::ContextExt;
                    let kind = <$Resource as crate::resource::Resource>::KIND;
                    let options = input.options.clone();
                    Some(ctx.write(kind, options, input, |work, it| Box::pin($function(work, it))).await)
                }
            )*

            $($(#[$upsert_doc])*
            #[graphql(directive = crate::directive::requires::apply(
                crate::directive::to_write(<$Resource as crate::resource::Resource>::KIND)
            ))]
            async fn $upsert(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "What to write. 输入")] input: crate::operation::UpsertInput<$Upsert>,
            ) -> crate::context::Nullable<crate::operation::Payload<$Upsert>> {
                crate::operation::upsert(ctx, input).await
            })?

            $($(#[$archive_doc])*
            #[graphql(directive = crate::directive::requires::apply(
                crate::directive::to_write(<$Resource as crate::resource::Resource>::KIND)
            ))]
            async fn $archive(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "What to write. 输入")] input: crate::operation::RecordInput<$Archive>,
            ) -> crate::context::Nullable<crate::operation::Payload<$Archive>> {
                crate::operation::archive(ctx, input).await
            })?

            $($(#[$restore_doc])*
            #[graphql(directive = crate::directive::requires::apply(
                crate::directive::to_write(<$Resource as crate::resource::Resource>::KIND)
            ))]
            async fn $restore(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "What to write. 输入")] input: crate::operation::RecordInput<$Restore>,
            ) -> crate::context::Nullable<crate::operation::Payload<$Restore>> {
                crate::operation::restore(ctx, input).await
            })?
        }
    };
}

/// Writes out the mutations of a machine, a step each: names, no logic.
macro_rules! steps {
    (
        $Steps:ident($name:literal) of $Resource:ident {
            $(
                $(#[$doc:meta])*
                $method:ident: $Operation:ident = $Step:expr
            ),* $(,)?
        }
    ) => {
        $(crate::shell::operation!($Operation of $Resource);)*

        #[derive(Default)]
        pub struct $Steps;

        #[async_graphql::Object(name = $name)]
        impl $Steps {
            $(
                $(#[$doc])*
                #[graphql(directive = crate::directive::requires::apply(
                    crate::directive::to_write(<$Resource as crate::resource::Resource>::KIND)
                ))]
                async fn $method(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "Which record, and what is to be said of the step. 输入")]
                    input: crate::operation::StepInput<$Operation>,
                ) -> crate::context::Nullable<crate::operation::Payload<$Operation>> {
                    crate::operation::step(ctx, input, $Step).await
                }
            )*
        }
    };
}

/// Says that the queries of a kind can be planned.
macro_rules! planned {
    ($Queries:ident of $Resource:ident) => {
        impl crate::link::Plannable for $Queries {
            fn entry(field: &str) -> Option<crate::link::Entry> {
                crate::link::entry::<$Resource>(field)
            }
        }
    };
}

/// Names a mutation of a kind.
macro_rules! operation {
    ($Operation:ident of $Resource:ident) => {
        #[derive(Clone, Debug)]
        pub struct $Operation;

        impl crate::operation::Operation for $Operation {
            type Resource = $Resource;

            const NAME: &'static str = stringify!($Operation);
        }
    };
}

/// Writes out the payload of a batch: the same for all but the name of the record.
macro_rules! payload {
    ($Payload:ident of $Item:ident { $field:ident: $Resource:ty }) => {
        /// What became of one item of the batch.
        ///
        /// 批量中一条记录的结果。
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $Item {
            /// The record as it is after the mutation; null when nothing of it was kept. 操作后的记录
            $field: Option<$Resource>,
            /// What the caller can mend. 可由调用方改正的错误
            user_errors: Vec<crate::error::Violation>,
        }

        /// What became of the batch.
        ///
        /// 批量操作结果。
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $Payload {
            /// One result per item, in the order given; null when the batch was refused whole. 逐条结果
            results: Option<Vec<$Item>>,
            /// What the caller can mend in the batch as a whole. 整批的错误
            user_errors: Vec<crate::error::Violation>,
            /// What should be known of the values that were taken. 提示
            warnings: Vec<crate::error::Violation>,
            /// A place in the change log: whoever read on to it has seen this mutation. Null when
            /// nothing changed. 变更游标
            change_cursor: Option<String>,
            /// True when this is the first answer to the same idempotency key again. 是否为重放的结果
            replayed: bool,
        }

        impl From<crate::unit_of_work::Outcome<Vec<crate::batch::ItemOutcome<$Resource>>>>
            for $Payload
        {
            fn from(
                outcome: crate::unit_of_work::Outcome<Vec<crate::batch::ItemOutcome<$Resource>>>,
            ) -> $Payload {
                let item = |it: crate::batch::ItemOutcome<$Resource>| $Item {
                    $field: it.result,
                    user_errors: it.user_errors,
                };
                $Payload {
                    results: outcome.result.map(|it| it.into_iter().map(item).collect()),
                    user_errors: outcome.user_errors,
                    warnings: outcome.warnings,
                    change_cursor: outcome.change_cursor,
                    replayed: outcome.replayed,
                }
            }
        }
    };
}

/// Writes out the groups of a kind: names, no logic. A key has the name of its column.
macro_rules! groups {
    (
        $(#[$doc:meta])*
        $Groups:ident($name:literal) of $Resource:ident by $Where:ident in $field:ident:
        $Group:ident by $Field:ident {
            $($(#[$key_doc:meta])* $Key:ident = $key:ident: $Value:ty),* $(,)?
        }
        $(totals {
            $($(#[$total_doc:meta])* $total:ident: $Total:ty = $Column:ident),* $(,)?
        })?
    ) => {
        /// What records can be grouped by.
        ///
        /// 分组字段。
        #[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
        pub enum $Field {
            $($(#[$key_doc])* $Key),*
        }

        /// Records that have something in common, counted. A key is null where the groups are not by
        /// it, or the records have none.
        ///
        /// 一组记录的统计；未按该字段分组或记录无此值时，该字段为空。
        #[derive(Clone, async_graphql::SimpleObject)]
        #[graphql(directive = crate::directive::requires::apply(
            crate::directive::to_read(<$Resource as crate::resource::Resource>::KIND)
        ))]
        pub struct $Group {
            $($(#[$key_doc])* $key: Option<$Value>,)*
            /// How many records. 记录数
            count: i32,
            $($($(#[$total_doc])* $total: $Total,)*)?
        }

        impl crate::aggregate::Group for $Group {
            type Resource = $Resource;

            type Field = $Field;

            const TOTALS: &'static [(&'static str, Column)] =
                &[$($((stringify!($total), Column::$Column)),*)?];

            fn column(field: $Field) -> Column {
                match field {
                    $($Field::$Key => Column::$Key),*
                }
            }

            fn read(row: &sea_orm::QueryResult, by: &[$Field]) -> crate::Result<$Group> {
                Ok($Group {
                    $($key: crate::aggregate::key(row, by, $Field::$Key, stringify!($key))?,)*
                    count: crate::aggregate::total(row, "count")?,
                    $($($total: crate::aggregate::total(row, stringify!($total))?,)*)?
                })
            }

            fn compare(&self, other: &$Group, field: $Field) -> std::cmp::Ordering {
                match field {
                    $($Field::$Key => {
                        crate::aggregate::by_key(self.$key.as_ref(), other.$key.as_ref())
                    })*
                }
            }

            #[allow(unused_imports, reason = "codes say themselves how they look")]
            fn value(&self, name: &str) -> async_graphql::Value {
                use async_graphql::InputType as _;
                match name {
                    $(stringify!($key) => {
                        self.$key.as_ref().map(|it| it.to_value()).unwrap_or_default()
                    })*
                    $($(stringify!($total) => {
                        crate::aggregate::Total::to_value(&self.$total)
                    })*)?
                    _ => self.count.into(),
                }
            }
        }

        #[derive(Default)]
        pub struct $Groups;

        impl crate::link::Plannable for $Groups {
            fn entry(field: &str) -> Option<crate::link::Entry> {
                let is_it = field == crate::error::camel_case(stringify!($field));
                is_it.then(crate::aggregate::entry::<$Where, $Group>)
            }
        }

        #[async_graphql::Object(name = $name)]
        impl $Groups {
            $(#[$doc])*
            async fn $field(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(name = "where", desc = "Narrows what is counted. 筛选")] filter: Option<
                    $Where,
                >,
                #[graphql(
                    desc = "1 to 3 fields, each once. The groups come sorted by them, in this order, \
                    null last. 分组字段"
                )]
                by: Vec<$Field>,
            ) -> crate::context::Nullable<Vec<$Group>> {
                crate::aggregate::count(ctx, filter, by).await
            }
        }
    };
}

pub(crate) use {groups, operation, payload, planned, reads, steps, writes};
