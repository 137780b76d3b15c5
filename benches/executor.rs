//! What the service itself costs a request: judging the document and running it, without HTTP and
//! without a row of a database. `cargo bench --bench executor`

use std::{
    future::Future,
    hint::black_box,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use entity::credential_secret::SecretKind;
use gongtu::{
    app::{App, Executed},
    clock::Clock,
    credential::{Identity, NewCredential},
    custody,
    database::{Connect, Database},
    guard::{Asked, Limits},
    migrate::migrate,
    policy::Role,
    service,
    viewer::Viewer,
};
use serde_json::Map;
use value::{DivisionCode, Rules, Value as _};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One figure is the mean of so many requests, and so many figures are taken.
const REQUESTS: u32 = 2_000;
const SAMPLES: usize = 25;

struct Bench {
    app: App,
    viewer: Arc<Viewer>,
    folder: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_stack_size(8 << 20)
        .build()?;
    runtime.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let bench = Bench::new().await?;
    let large = large("Large");
    assert!(large.len() >= 2_000, "{}", large.len());

    println!("{:52} {:>10} {:>10}", "µs a request", "best", "median");
    for (name, text) in [
        ("{ __typename }", "{ __typename }"),
        ("{ viewer { name } }", "{ viewer { name } }"),
        ("2 KB of fields that are left out", &*large),
    ] {
        bench.answer(text).await?;
        report(&format!("guard, known: {name}"), async |_| bench.judge(text)).await?;
        report(&format!("guard, and plan or executor: {name}"), async |_| bench.answer(text).await)
            .await?;
    }
    report("guard, new: { __typename }", async |n| {
        bench.judge(&format!("query Q{n} {{ __typename }}"))
    })
    .await?;
    report("guard, new: 2 KB", async |n| bench.judge(&self::large(&format!("Large{n}")))).await?;
    bench.end().await
}

/// A document like those of a real client, of which `@include` leaves only the first field: the
/// guard has to read, judge and price all of it, and no row is touched.
fn large(name: &str) -> String {
    let worker = "id name sex birthOn skillRank employmentStatus createdAt updatedAt version";
    let parts = (0..8).map(|n| {
        format!(
            "  list{n}: workers(first: 10, where: {{divisionCode: {{within: \"1303\"}}}}, \
             orderBy: [{{field: CREATED_AT, direction: DESC}}]) @include(if: $all) {{\n    \
             edges {{ cursor node {{ {worker} employer {{ id name }} }} }}\n    \
             pageInfo {{ hasNextPage endCursor }}\n  }}\n"
        )
    });
    let parts: String = parts.collect();
    format!("query {name}($all: Boolean! = false) {{\n  __typename\n{parts}}}")
}

impl Bench {
    async fn new() -> anyhow::Result<Bench> {
        let folder = std::env::temp_dir().join(format!("gongtu-executor-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let database = Database::connect(&Connect {
            url: format!("sqlite://{}", folder.join("gongtu.db").display()),
            pool: 1,
            statement_timeout: Duration::from_secs(30),
        })
        .await?;
        migrate(&database).await?;
        let keys = custody::open(&database, &folder.join("gongtu.keyring")).await?;
        let (clock, limits, identity) = (Clock::default(), Limits::default(), Identity::default());
        let app = service::start(database, keys, clock, limits, identity).await?;
        let rules = Rules { today: app.shared().clock.today(), synthetic: true };
        let division = DivisionCode::check("130300", &rules).expect("a division").value;
        let made = app
            .credentials()
            .create(NewCredential {
                name: "bench".to_owned(),
                roles: vec![Role::Steward],
                division: Some(division),
                secrets: vec![SecretKind::ApiToken],
                ..NewCredential::default()
            })
            .await?;
        let token = &made.secrets[0];
        let viewer = app.authenticate(Some(&format!("Bearer {token}"))).await?;
        Ok(Bench { app, viewer, folder })
    }

    fn judge(&self, text: &str) -> anyhow::Result<()> {
        black_box(self.admit(text)?);
        Ok(())
    }

    fn admit(&self, text: &str) -> anyhow::Result<gongtu::guard::Admitted> {
        let variables = Map::new();
        let introspection = self.app.introspection(&self.viewer);
        let asked = Asked {
            query: Some(text),
            sha256: None,
            operation_name: None,
            variables: &variables,
            introspection,
        };
        self.app.guard().admit(asked).map_err(|it| anyhow::anyhow!("{it:?}"))
    }

    /// As the edge does it: judged, run, written.
    async fn answer(&self, text: &str) -> anyhow::Result<()> {
        let admitted = self.admit(text)?;
        match self.app.execute(self.viewer.clone(), "bench", admitted).await {
            Executed::Planned(planned) => {
                anyhow::ensure!(planned.errors.is_empty(), "{:?}", planned.errors);
                black_box(planned.data);
            }
            Executed::Response(response) => {
                anyhow::ensure!(response.is_ok(), "{:?}", response.errors);
                black_box(serde_json::to_string(&response)?);
            }
        }
        Ok(())
    }

    async fn end(self) -> anyhow::Result<()> {
        self.app.stop().await;
        std::fs::remove_dir_all(self.folder)?;
        Ok(())
    }
}

async fn report<F>(name: &str, mut request: impl FnMut(u64) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let mut figures = Vec::with_capacity(SAMPLES);
    let mut number = 0;
    for _ in 0..SAMPLES {
        let begun = Instant::now();
        for _ in 0..REQUESTS {
            number += 1;
            request(number).await?;
        }
        figures.push(begun.elapsed().as_secs_f64() * 1e6 / f64::from(REQUESTS));
    }
    figures.sort_by(f64::total_cmp);
    println!("{name:52} {:>10.2} {:>10.2}", figures[0], figures[SAMPLES / 2]);
    Ok(())
}
