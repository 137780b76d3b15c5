//! The keyring as a file of JSON that only its owner may read.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Key, KeyId, Keyring, Master, Suite};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    current: KeyId,
    masters: Vec<WrittenMaster>,
    indexes: Vec<WrittenIndex>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMaster {
    id: KeyId,
    suite: Suite,
    key: Zeroizing<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenIndex {
    id: KeyId,
    key: Zeroizing<String>,
}

/// Where the keyring of a database is unless told otherwise: beside an SQLite file, in the same name;
/// else in this folder.
pub fn path_beside(database_url: &str) -> PathBuf {
    let file = database_url.strip_prefix("sqlite:").map(|it| it.trim_start_matches("//"));
    let file = file.map(|it| it.split('?').next().unwrap_or_default());
    let file = file.filter(|it| !it.is_empty() && *it != ":memory:").unwrap_or("gongtu.db");
    Path::new(file).with_extension("keyring")
}

impl Keyring {
    pub fn load(path: &Path) -> anyhow::Result<Keyring> {
        let shown = path.display();
        let read = || -> io::Result<Zeroizing<String>> {
            is_private(path)?;
            Ok(Zeroizing::new(fs::read_to_string(path)?))
        };
        let text = read().with_context(|| format!("the keyring {shown} cannot be read"))?;
        Keyring::parse(&text).with_context(|| format!("the keyring {shown} is not right"))
    }

    pub(super) fn parse(text: &str) -> anyhow::Result<Keyring> {
        // What serde says of a wrong value repeats it.
        let written: Written = serde_json::from_str(text)
            .map_err(|it| anyhow::anyhow!("line {}, column {}", it.line(), it.column()))?;
        let key = |id: KeyId, text: &str| {
            let bytes = Zeroizing::new(HEXLOWER.decode(text.as_bytes()).unwrap_or_default());
            Key::from_bytes(&bytes).with_context(|| format!("key {id} is not 64 hex digits"))
        };
        let (masters, indexes) = (written.masters.len(), written.indexes.len());
        let keyring = Keyring {
            current: written.current,
            masters: written
                .masters
                .into_iter()
                .map(|it| Ok((it.id, Master { suite: it.suite, key: key(it.id, &it.key)? })))
                .collect::<anyhow::Result<_>>()?,
            indexes: written
                .indexes
                .into_iter()
                .map(|it| Ok((it.id, key(it.id, &it.key)?)))
                .collect::<anyhow::Result<_>>()?,
        };
        let is_known = keyring.masters.contains_key(&keyring.current);
        ensure!(is_known, "there is no master key {}", keyring.current);
        let ids = keyring.masters.len() + keyring.indexes.len();
        ensure!(ids == masters + indexes, "two keys have the same id");
        let sides: Vec<KeyId> = keyring.index_keys().map(|it| it % 2).collect();
        ensure!(
            matches!(sides[..], [_] | [0, 1] | [1, 0]),
            "there has to be one index key, or one with an odd and one with an even id"
        );
        Ok(keyring)
    }

    fn text(&self) -> Zeroizing<String> {
        let key = |it: &Key| Zeroizing::new(HEXLOWER.encode(it.bytes()));
        let written = Written {
            current: self.current,
            masters: self
                .masters
                .iter()
                .map(|(id, it)| WrittenMaster { id: *id, suite: it.suite, key: key(&it.key) })
                .collect(),
            indexes: self
                .indexes
                .iter()
                .map(|(id, it)| WrittenIndex { id: *id, key: key(it) })
                .collect(),
        };
        let text = serde_json::to_string_pretty(&written).expect("texts and numbers serialize");
        Zeroizing::new(text + "\n")
    }

    /// Writes a file that is not there yet.
    pub(super) fn create(&self, path: &Path) -> anyhow::Result<()> {
        let written = write(OpenOptions::new().create_new(true), path, &self.text());
        written.with_context(|| format!("the keyring {} cannot be made", path.display()))
    }

    /// Puts another file in the place of the present one: there is a whole one at any time.
    pub(super) fn save(&self, path: &Path) -> anyhow::Result<()> {
        let new = path.with_extension("keyring.new");
        let written = write(OpenOptions::new().create(true).truncate(true), &new, &self.text())
            .and_then(|()| fs::rename(&new, path))
            .and_then(|()| sync_folder(path));
        written.with_context(|| format!("the keyring {} cannot be written", path.display()))
    }
}

/// Writes a file that only its owner may read, to the disk.
fn write(options: &mut OpenOptions, path: &Path, text: &str) -> io::Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let mut file = options.write(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// A name outlasts a power cut only once its folder is on the disk.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Refuses a file that everybody on the machine may read.
#[cfg(unix)]
fn is_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let of_others = File::open(path)?.metadata()?.permissions().mode() & 0o007;
    if of_others == 0 {
        return Ok(());
    }
    Err(io::Error::other("everybody on this machine may read it: chmod 600"))
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> io::Result<()> {
    Ok(())
}
