//! `gongtu key`: the keys that seal values about persons, and those that sign access tokens.

use anyhow::bail;
use clap::Subcommand;
use gongtu::{
    credential::Credentials,
    custody,
    database::Database,
    keyring::{KeyId, KeyKind, Keys, Suite},
};
use indicatif::ProgressBar;

#[derive(Subcommand)]
pub enum Command {
    #[command(flatten)]
    Sealing(Sealing),
    /// Make the next key that signs access tokens; it does so after ten seconds
    RotateSigning {
        /// At once, and end every token that an earlier key signed: for when a key became known
        #[arg(long)]
        now: bool,
    },
}

#[derive(Subcommand)]
pub enum Sealing {
    /// List the keys that seal, without what is secret, and how many rows are not under those in use
    List,
    /// Add a key that seals. Give the file to all servers before the next step
    Add {
        /// What the key is for
        kind: KeyKind,
        /// How a master key encrypts
        #[arg(long, default_value = "AES-256-GCM", value_name = "SUITE")]
        suite: Suite,
    },
    /// Make the newest master key current, and bring all rows under the keys in use
    Rotate,
    /// Destroy a key that no row needs any more
    Retire {
        /// What the key is for
        kind: KeyKind,
        /// Its number
        id: KeyId,
    },
}

pub async fn run_sealing(database: &Database, keys: &Keys, command: Sealing) -> anyhow::Result<()> {
    match command {
        Sealing::List => {
            let keyring = keys.now();
            for (kind, id, _) in keyring.checks() {
                let is_current = kind == KeyKind::Index || id == keyring.current();
                let state = if is_current { "in use" } else { "opens only" };
                let suite = keyring.suite(kind, id);
                println!("{kind}\t{id}\t{suite}\t{state}");
            }
            let old = custody::count_old(database, &keyring).await?;
            println!("{old} rows are not under the keys in use.");
        }
        Sealing::Add { kind, suite } => {
            let id = custody::add(database, keys, kind, suite).await?;
            println!("The {kind} key {id} is in {}.", keys.path().display());
        }
        Sealing::Rotate => {
            let bar = ProgressBar::no_length();
            let progress = |done| bar.set_position(done);
            let (done, failed) = custody::rotate(database, keys, &progress).await?;
            bar.finish_and_clear();
            println!("{done} rows are under the keys in use now.");
            if failed > 0 {
                bail!("{failed} rows cannot be opened: the log names them");
            }
        }
        Sealing::Retire { kind, id } => {
            custody::retire(database, keys, kind, id).await?;
            println!("The {kind} key {id} is destroyed.");
        }
    }
    Ok(())
}

pub async fn rotate_signing(credentials: &Credentials, now: bool) -> anyhow::Result<()> {
    let keys = credentials.keys();
    if now {
        keys.replace().await?;
        println!("Another key signs now; the tokens of all before it have ended.");
    } else {
        keys.rotate().await?;
        println!("Another key signs in ten seconds; tokens of the one before it stay good.");
    }
    Ok(())
}
