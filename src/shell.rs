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

            fn condition(
                self,
                _: &crate::repository::Repository,
            ) -> crate::Result<sea_orm::Condition> {
                Ok(match self {
                    $By::Id(id) => sea_orm::ColumnTrait::eq(&Column::Id, id.uuid()).into(),
                    $By::ExternalId(name) => crate::unit_of_work::has_name::<$Resource>(&name),
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
        $(crate::operation::operation!($Operation of $Resource);)*
        $(crate::operation::operation!($Upsert of $Resource);

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
        $(crate::operation::operation!($Archive of $Resource);)?
        $(crate::operation::operation!($Restore of $Resource);)?

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
        $(crate::operation::operation!($Operation of $Resource);)*

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

pub(crate) use {reads, steps, writes};
