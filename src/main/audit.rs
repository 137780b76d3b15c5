//! `gongtu audit`: who did what, and whether that is still what was written.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Subcommand;
use gongtu::{
    audit::{
        self, Keys, Signer,
        verify::{self, Trail},
    },
    custody,
    database::Database,
    setting,
};

#[derive(Subcommand)]
pub enum Command {
    /// Find out whether the audit trail is what it was; end with 1 if it is not
    Verify {
        /// Checkpoints kept at another place, as `serve --audit-checkpoints` wrote them
        #[arg(long, value_name = "FILE")]
        checkpoints: Option<PathBuf>,
        /// The public keys to trust, one a line, instead of the key of this installation
        #[arg(long, value_name = "FILE")]
        public_key: Option<PathBuf>,
    },
    /// Print the public key of the one that signs checkpoints
    PublicKey,
    /// Print sealed entries, one JSON object a line
    Export {
        /// The first position
        #[arg(long, default_value_t = 1, value_name = "POSITION")]
        from: i64,
        /// The last position
        #[arg(long, default_value_t = i64::MAX, value_name = "POSITION")]
        to: i64,
    },
}

/// The key of this installation: it takes the keyring.
async fn own(database: &Database, keyring: &Path) -> anyhow::Result<Signer> {
    let keys = custody::open(database, keyring).await?;
    Ok(Signer::of(&*setting::audit_seed(database, &keys.now()).await?))
}

pub async fn run(database: Database, keyring: &Path, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Verify { checkpoints, public_key } => {
            let keys = match public_key {
                Some(file) => Keys::read(&std::fs::read_to_string(&file)?)
                    .with_context(|| format!("--public-key: {}", file.display()))?,
                None => own(&database, keyring).await?.keys(),
            };
            let outside: Box<dyn Iterator<Item = _>> = match checkpoints {
                Some(file) => Box::new(verify::checkpoints_of(&file).with_context(|| {
                    format!("--checkpoints: {} cannot be read", file.display())
                })?),
                None => Box::new(std::iter::empty()),
            };
            let report = verify::verify(&database, outside, &keys).await??;
            let waiting = verify::waiting(&database).await?;
            let verify::Report { entries, checkpoints, outside, proven, proven_outside } = report;
            println!(
                "{entries} entries in order; {checkpoints} checkpoints, and {outside} from outside."
            );
            let unproven = entries - proven;
            println!(
                "Signed up to {proven}; {unproven} after it and {waiting} unsealed are unproven."
            );
            println!(
                "Whoever can write this database could have made up what is after {proven_outside}."
            );
        }
        Command::PublicKey => {
            println!("{}", own(&database, keyring).await?.public_key());
        }
        Command::Export { from, to } => {
            let mut out = std::io::stdout().lock();
            let mut last = from - 1;
            loop {
                let page = database.entries(last, 1_000).await?;
                let page = page.iter().take_while(|it| it.position <= to);
                let before = last;
                for sealed in page {
                    writeln!(out, "{}", audit::to_json(sealed))?;
                    last = sealed.position;
                }
                if last == before {
                    break;
                }
            }
        }
    }
    Ok(())
}
