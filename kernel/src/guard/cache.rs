use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::document::Document;

pub(super) type Hash = [u8; 32];

/// Known documents by the hash of their text: the least recently used go when the bytes run out,
/// those that are kept never.
#[derive(Debug)]
pub(super) struct Cache {
    capacity: usize,
    kept: HashMap<Hash, Arc<Document>>,
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    documents: HashMap<Hash, (Arc<Document>, u64)>,
    /// Which document was used when, oldest first.
    uses: BTreeMap<u64, Hash>,
    clock: u64,
    bytes: usize,
}

impl Cache {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, kept: HashMap::new(), shelf: Mutex::default() }
    }

    pub(super) fn keep(&mut self, hash: Hash, document: Arc<Document>) {
        self.kept.insert(hash, document);
    }

    pub(super) fn is_kept(&self, hash: &Hash) -> bool {
        self.kept.contains_key(hash)
    }

    pub(super) fn get(&self, hash: &Hash) -> Option<Arc<Document>> {
        if let Some(kept) = self.kept.get(hash) {
            return Some(kept.clone());
        }
        let mut shelf = self.lock();
        shelf.clock += 1;
        let now = shelf.clock;
        let (document, used) = shelf.documents.get_mut(hash)?;
        let document = document.clone();
        let before = std::mem::replace(used, now);
        shelf.uses.remove(&before);
        shelf.uses.insert(now, *hash);
        Some(document)
    }

    pub(super) fn insert(&self, hash: Hash, document: Arc<Document>) {
        let mut shelf = self.lock();
        if document.bytes > self.capacity || shelf.documents.contains_key(&hash) {
            return;
        }
        shelf.clock += 1;
        let now = shelf.clock;
        shelf.bytes += document.bytes;
        shelf.documents.insert(hash, (document, now));
        shelf.uses.insert(now, hash);
        while shelf.bytes > self.capacity {
            let Some((_, oldest)) = shelf.uses.pop_first() else { break };
            if let Some((gone, _)) = shelf.documents.remove(&oldest) {
                shelf.bytes -= gone.bytes;
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.lock().bytes
    }

    pub(super) fn len(&self) -> usize {
        self.lock().documents.len()
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
