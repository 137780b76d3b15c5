//! The keys with which values about a person are sealed.
//!
//! Each person has a data key, which seals that person's values. A master key wraps the data keys:
//! to rotate it is to wrap them anew, and to destroy a data key is to destroy what it sealed. An
//! index key makes blind indexes, by which a sealed value is found and told from all others.
//!
//! Each value is bound to its table and column, each data key to its record: moved to another, neither
//! opens.
//!
//! The secrets of the service's own, such as the keys that sign, are sealed by the master key itself, each
//! bound to its column and its name.

mod cipher;
mod file;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::ActiveValue::{self, NotSet, Set};
use sha2::Sha256;
use uuid::Uuid;
use value::{Sealed, Secret, sealed::parts};
use zeroize::Zeroizing;

use crate::{Error, Result};

pub use cipher::{Cipher, Key, Suite};
pub use file::path_beside;

/// The number of a key among those of its kind. None is given twice.
pub type KeyId = u16;

/// The keys of an installation.
#[derive(Clone, Debug)]
pub struct Keyring {
    /// The master key that wraps from now on; the others only unwrap.
    current: KeyId,
    masters: BTreeMap<KeyId, Master>,
    /// One, or two in a row while one takes the other's place.
    indexes: BTreeMap<KeyId, Key>,
}

#[derive(Clone, Debug)]
struct Master {
    /// For all that is sealed from now on.
    suite: Suite,
    key: Key,
}

/// The keyring of the process, which follows its file. Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    path: PathBuf,
    keyring: RwLock<Arc<Keyring>>,
    openings: AtomicU64,
}

/// A column of sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
}

/// A sealed value where it lies, with the key that opens it.
#[derive(Clone, Copy)]
pub struct Closed<'a> {
    pub id: Uuid,
    pub data_key: Option<&'a str>,
    pub text: &'a str,
}

/// Which of two a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum KeyKind {
    /// Wraps the data keys of the persons
    Master,
    /// Makes the blind indexes
    Index,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyKind::Master => "master",
            KeyKind::Index => "index",
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a sealed value of {}.{} cannot be opened", .0.table, .0.column)]
struct Unopened(Place);

/// A blind index keeps so much of its hash: two values of a city never share it.
const INDEX: usize = 16;
const DATA_KEY: &str = "data_key";

impl Keyring {
    /// New keys: one of each kind.
    pub fn new(suite: Suite) -> Keyring {
        Keyring {
            current: 1,
            masters: BTreeMap::from([(1, Master { suite, key: Key::random() })]),
            indexes: BTreeMap::from([(1, Key::random())]),
        }
    }

    pub fn current(&self) -> KeyId {
        self.current
    }

    /// The ids of the index keys: every row is to have a blind index under each.
    pub fn index_keys(&self) -> impl Iterator<Item = KeyId> {
        self.indexes.keys().copied()
    }

    /// What tells the keys from others of the same names.
    pub fn checks(&self) -> impl Iterator<Item = (KeyKind, KeyId, String)> {
        let masters = self.masters.iter().map(|(id, it)| (KeyKind::Master, *id, it.key.check()));
        let indexes = self.indexes.iter().map(|(id, key)| (KeyKind::Index, *id, key.check()));
        masters.chain(indexes)
    }

    /// The name of what a key does.
    pub fn suite(&self, kind: KeyKind, id: KeyId) -> &'static str {
        match kind {
            KeyKind::Master => self.masters.get(&id).map_or("", |it| it.suite.name()),
            KeyKind::Index => "HMAC-SHA-256",
        }
    }

    /// Adds a master key, which only unwraps until it becomes current.
    pub fn add_master(&mut self, suite: Suite) -> KeyId {
        let id = self.masters.keys().max().map_or(1, |it| it + 1);
        self.masters.insert(id, Master { suite, key: Key::random() });
        id
    }

    /// Adds an index key. There is room for one beside the present one.
    pub fn add_index(&mut self) -> anyhow::Result<KeyId> {
        ensure!(self.indexes.len() == 1, "there are two index keys: retire one first");
        let id = self.indexes.keys().max().map_or(1, |it| it + 1);
        self.indexes.insert(id, Key::random());
        Ok(id)
    }

    /// The newest master key wraps from now on.
    pub fn advance(&mut self) {
        self.current = self.masters.keys().max().copied().unwrap_or(self.current);
    }

    pub fn remove(&mut self, kind: KeyKind, id: KeyId) -> anyhow::Result<()> {
        let newest = match kind {
            KeyKind::Master => self.masters.keys().max(),
            KeyKind::Index => self.indexes.keys().max(),
        };
        let is_current = kind == KeyKind::Master && id == self.current;
        // The newest stays in any case, so that its number is not given again.
        let is_needed = is_current || newest == Some(&id);
        ensure!(!is_needed, "key {id} is in use: add another and rotate first");
        let known = match kind {
            KeyKind::Master => self.masters.remove(&id).is_some(),
            KeyKind::Index => self.indexes.remove(&id).is_some(),
        };
        ensure!(known, "there is no key {id}");
        Ok(())
    }

    /// The blind indexes of a value: under the index key with an odd id, and under that with an even
    /// one. Values are equal when one of these is.
    pub fn index(&self, place: Place, text: &str) -> [Option<String>; 2] {
        let mut both = [None, None];
        for (id, key) in &self.indexes {
            let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("any length is a key");
            mac.update(&place.bound(None));
            mac.update(text.as_bytes());
            let hash = mac.finalize().into_bytes();
            both[usize::from(id.is_multiple_of(2))] =
                Some(format!("{id}~{}", URL_SAFE_NO_PAD.encode(&hash[..INDEX])));
        }
        both
    }

    /// The text of a sealed value.
    pub fn open(&self, place: Place, closed: Closed<'_>) -> Result<Zeroizing<String>> {
        self.opened(place, closed).ok_or_else(|| Error::internal(Unopened(place)))
    }

    fn opened(&self, place: Place, closed: Closed<'_>) -> Option<Zeroizing<String>> {
        let key = self.unwrapped(place.table, closed.id, closed.data_key?)?;
        let mut text = key.open(parts(closed.text).1, &place.bound(None))?;
        String::from_utf8(std::mem::take(&mut *text)).ok().map(Zeroizing::new)
    }

    /// A data key under the current master key, if it is under another.
    pub fn rewrapped(
        &self,
        table: &'static str,
        id: Uuid,
        data_key: &str,
    ) -> Result<Option<String>> {
        if wrapped_by(data_key) == Some(self.current) {
            return Ok(None);
        }
        let place = Place { table, column: DATA_KEY };
        let key = self.unwrapped(table, id, data_key);
        Ok(Some(self.wrapped(table, id, &key.ok_or_else(|| Error::internal(Unopened(place)))?)))
    }

    /// Seals a secret of the service's own, with the current master key.
    pub fn seal_secret(&self, place: Place, name: &str, secret: &[u8]) -> String {
        let Master { suite, key } = self.master();
        format!("{}~{}", self.current, key.seal(*suite, secret, &place.named(name)))
    }

    pub fn open_secret(&self, place: Place, name: &str, text: &str) -> Result<Zeroizing<Vec<u8>>> {
        let master = wrapped_by(text).and_then(|it| self.masters.get(&it));
        let secret = master.and_then(|it| it.key.open(parts(text).1, &place.named(name)));
        secret.ok_or_else(|| Error::internal(Unopened(place)))
    }

    /// A secret of the service's own under the current master key, if it is under another.
    pub fn resealed_secret(&self, place: Place, name: &str, text: &str) -> Result<Option<String>> {
        if wrapped_by(text) == Some(self.current) {
            return Ok(None);
        }
        let secret = self.open_secret(place, name, text)?;
        Ok(Some(self.seal_secret(place, name, &secret)))
    }

    fn master(&self) -> &Master {
        self.masters.get(&self.current).expect("the current key is one of the keys")
    }

    fn wrapped(&self, table: &'static str, id: Uuid, key: &Key) -> String {
        let Master { suite, key: master } = self.master();
        let bound = Place { table, column: DATA_KEY }.bound(Some(id));
        format!("{}~{}", self.current, master.seal(*suite, key.bytes(), &bound))
    }

    fn unwrapped(&self, table: &'static str, id: Uuid, data_key: &str) -> Option<Key> {
        let master = self.masters.get(&wrapped_by(data_key)?)?;
        let bound = Place { table, column: DATA_KEY }.bound(Some(id));
        Key::from_bytes(&master.key.open(parts(data_key).1, &bound)?)
    }
}

/// The master key that a data key is wrapped by.
fn wrapped_by(data_key: &str) -> Option<KeyId> {
    parts(data_key).0.parse().ok()
}

impl Place {
    /// What a sealed value is bound to.
    fn bound(self, id: Option<Uuid>) -> Vec<u8> {
        let mut bound = format!("{}.{}\0", self.table, self.column).into_bytes();
        bound.extend(id.iter().flat_map(Uuid::as_bytes));
        bound
    }

    /// What a secret is bound to that has a name.
    fn named(self, name: &str) -> Vec<u8> {
        let mut bound = self.bound(None);
        bound.extend(name.as_bytes());
        bound
    }
}

/// Seals the values of one record, with a key of its own that is made when it is first needed.
pub struct Sealing<'a> {
    keyring: &'a Keyring,
    table: &'static str,
    id: Uuid,
    /// As it is stored already.
    data_key: Option<&'a str>,
    key: Option<Key>,
}

impl<'a> Sealing<'a> {
    pub fn of(
        keyring: &'a Keyring,
        table: &'static str,
        id: Uuid,
        data_key: Option<&'a str>,
    ) -> Sealing<'a> {
        Sealing { keyring, table, id, data_key, key: None }
    }

    /// Seals what a draft sets in a column. What is there already is not set again.
    pub fn column<T: Secret>(
        &mut self,
        place: Place,
        before: Option<&Sealed<T>>,
        draft: &mut ActiveValue<Option<Sealed<T>>>,
    ) -> Result<()> {
        let Set(Some(sealed)) = draft else { return Ok(()) };
        let Some(value) = sealed.as_open().cloned() else { return Ok(()) };
        let before = before.and_then(Sealed::as_text).and_then(|text| {
            let closed = Closed { id: self.id, data_key: self.data_key, text };
            self.keyring.opened(place, closed)
        });
        *draft = match before {
            Some(before) if *before == value.expose() => NotSet,
            _ => Set(Some(self.seal(place, &value)?)),
        };
        Ok(())
    }

    /// As [`Self::column`], with its blind indexes under odd and even keys.
    pub fn indexed<T: Secret>(
        &mut self,
        place: Place,
        before: Option<&Sealed<T>>,
        draft: &mut ActiveValue<Option<Sealed<T>>>,
        index: [&mut ActiveValue<Option<String>>; 2],
    ) -> Result<()> {
        let open = draft.clone();
        self.column(place, before, draft)?;
        let (true, Set(open)) = (draft.is_set(), open) else { return Ok(()) };
        let open = open.as_ref().and_then(Sealed::as_open);
        let made = open.map(|it| self.keyring.index(place, it.expose())).unwrap_or_default();
        for (column, made) in index.into_iter().zip(made) {
            *column = Set(made);
        }
        Ok(())
    }

    pub fn seal<T: Secret>(&mut self, place: Place, value: &T) -> Result<Sealed<T>> {
        let key = match &mut self.key {
            Some(key) => key,
            none => none.insert(match self.data_key {
                Some(data_key) => self
                    .keyring
                    .unwrapped(self.table, self.id, data_key)
                    .ok_or_else(|| Error::internal(Unopened(place)))?,
                None => Key::random(),
            }),
        };
        let suite = self.keyring.master().suite;
        let envelope = key.seal(suite, value.expose().as_bytes(), &place.bound(None));
        Ok(Sealed::new(value, &envelope))
    }

    /// The data key to be stored, where one was made.
    pub fn made(&self) -> Option<String> {
        let key = self.key.as_ref().filter(|_| self.data_key.is_none())?;
        Some(self.keyring.wrapped(self.table, self.id, key))
    }
}

impl Keys {
    /// The keyring in a file.
    pub fn load(path: &Path) -> anyhow::Result<Keys> {
        Ok(Keys::of(path, Keyring::load(path)?))
    }

    /// A keyring that was just made, in its file, which must not be there yet.
    pub fn make(path: &Path, suite: Suite) -> anyhow::Result<Keys> {
        let keyring = Keyring::new(suite);
        keyring.create(path)?;
        Ok(Keys::of(path, keyring))
    }

    fn of(path: &Path, keyring: Keyring) -> Keys {
        Keys(Arc::new(Inner {
            path: path.to_owned(),
            keyring: RwLock::new(Arc::new(keyring)),
            openings: AtomicU64::new(0),
        }))
    }

    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// The keyring as it is now.
    pub fn now(&self) -> Arc<Keyring> {
        self.0.keyring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes another keyring.
    pub fn replace(&self, keyring: Keyring) {
        *self.0.keyring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keyring);
    }

    /// Changes the keyring and its file.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut Keyring) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let mut keyring = Keyring::clone(&*self.now());
        let done = change(&mut keyring)?;
        keyring.save(&self.0.path).context("the keyring is as it was")?;
        self.replace(keyring);
        Ok(done)
    }

    /// Opens a value for somebody who may see it, which is counted.
    pub fn open(&self, place: Place, closed: Closed<'_>) -> Result<Zeroizing<String>> {
        self.0.openings.fetch_add(1, Ordering::Relaxed);
        let opened = self.now().open(place, closed);
        let outcome = if opened.is_ok() { "opened" } else { "refused" };
        metrics::counter!("gongtu_openings_total", "outcome" => outcome).increment(1);
        opened
    }

    /// How many values were opened so far, or tried to be.
    pub fn openings(&self) -> u64 {
        self.0.openings.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;
