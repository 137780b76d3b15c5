//! When what was written to an SQLite file outlasts a power cut.
//!
//! The writer does not sync when it commits (`synchronous=NORMAL`): the next would have to wait for
//! the disk as well. Whoever committed gives the writer back and waits here, for a sync of the
//! write-ahead log that began after the commit. One sync serves all who committed before it.
//!
//! A commit cannot slip through when the log begins anew: SQLite does that only once a checkpoint has
//! synced the log, put it into the database, and synced that. The file stays the same.

use std::{
    fs::{File, OpenOptions},
    io,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use sea_orm::{DbErr, SqlxError};
use tokio::task::spawn_blocking;

use super::connection::failed_to_connect;

/// Syncs for those who committed. Cheap to clone.
#[derive(Clone)]
pub struct Durability(Arc<Inner>);

struct Inner {
    sync: Box<dyn Fn() -> io::Result<()> + Send + Sync>,
    /// Each who waits takes a number, after the commit.
    waiting: AtomicU64,
    /// Up to which number all is on the disk. Whoever holds it syncs.
    synced: Arc<tokio::sync::Mutex<u64>>,
    syncs: AtomicU64,
    /// A sync failed. The system may have dropped what it could not write, and the next sync would
    /// say nothing of it: no write is taken any more, until the process begins anew.
    lost: AtomicBool,
}

impl Durability {
    pub fn of_log(log: PathBuf) -> Durability {
        let open = Mutex::new(None);
        Durability::new(move || {
            sync(&log, &mut open.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }

    fn new(sync: impl Fn() -> io::Result<()> + Send + Sync + 'static) -> Durability {
        Durability(Arc::new(Inner {
            sync: Box::new(sync),
            waiting: AtomicU64::new(0),
            synced: Arc::default(),
            syncs: AtomicU64::new(0),
            lost: AtomicBool::new(false),
        }))
    }

    /// How many syncs there were.
    pub fn syncs(&self) -> u64 {
        self.0.syncs.load(Ordering::Relaxed)
    }

    /// Fails once a sync failed.
    pub fn check(&self) -> Result<(), DbErr> {
        if self.0.lost.load(Ordering::SeqCst) { Err(lost()) } else { Ok(()) }
    }

    /// Waits for a sync that begins after this call.
    pub async fn wait(&self) -> Result<(), DbErr> {
        let number = self.0.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        let mut synced = self.0.synced.clone().lock_owned().await;
        if *synced >= number {
            return Ok(());
        }
        self.check()?;
        let inner = self.0.clone();
        // Whoever waits may be let go: the sync is ended all the same, and how it ended is kept.
        let ended = spawn_blocking(move || {
            let last = inner.waiting.load(Ordering::SeqCst);
            inner.syncs.fetch_add(1, Ordering::Relaxed);
            let ended = (inner.sync)();
            match &ended {
                Ok(()) => *synced = last,
                Err(error) => {
                    inner.lost.store(true, Ordering::SeqCst);
                    tracing::error!(%error, "the log of the database could not be synced");
                }
            }
            ended.is_ok()
        });
        if ended.await.unwrap_or(false) { Ok(()) } else { Err(lost()) }
    }
}

/// The file stays open: what the system could not write, it tells once to each who has the file open.
fn sync(log: &PathBuf, open: &mut Option<File>) -> io::Result<()> {
    if !open.as_ref().is_some_and(|it| is_at(it, log)) {
        *open = match OpenOptions::new().read(true).write(true).open(log) {
            Ok(file) => Some(file),
            // Who closed the file last put the log into it, synced it, and removed the log.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
    }
    open.as_ref().map_or(Ok(()), File::sync_data)
}

/// Whether the open file still is the one of that name.
#[cfg(unix)]
fn is_at(file: &File, path: &PathBuf) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |it: io::Result<std::fs::Metadata>| it.ok().map(|it| (it.dev(), it.ino()));
    id(file.metadata()) == id(std::fs::metadata(path))
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &PathBuf) -> bool {
    false
}

/// Whoever asks again may find another process, which knows what is on the disk.
fn lost() -> DbErr {
    failed_to_connect(SqlxError::Io(io::Error::other("a sync of the database failed")))
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    /// A disk whose syncs end when the test says how.
    fn disk() -> (Durability, mpsc::Receiver<()>, mpsc::Sender<bool>) {
        let (began, begins) = mpsc::channel();
        let (end, ends) = mpsc::channel();
        let (began, ends) = (Mutex::new(began), Mutex::new(ends));
        let durability = Durability::new(move || {
            began.lock().unwrap().send(()).unwrap();
            let wait = Duration::from_secs(5);
            let is_good: bool = ends.lock().unwrap().recv_timeout(wait).unwrap();
            if is_good { Ok(()) } else { Err(io::Error::other("broken")) }
        });
        (durability, begins, end)
    }

    async fn settle() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    #[tokio::test]
    async fn a_sync_serves_those_who_came_before_it_began_and_nobody_else() {
        let (durability, begins, end) = disk();
        let wait = || {
            let durability = durability.clone();
            tokio::spawn(async move { durability.wait().await })
        };

        let first = wait();
        settle().await;
        begins.try_recv().unwrap();
        // The first sync is under way: it may have passed what these wrote.
        let later: Vec<_> = (0..100).map(|_| wait()).collect();
        settle().await;
        end.send(true).unwrap();
        settle().await;
        assert!(first.is_finished());
        assert!(later.iter().all(|it| !it.is_finished()));
        begins.try_recv().unwrap();
        end.send(true).unwrap();
        for it in later {
            it.await.unwrap().unwrap();
        }

        first.await.unwrap().unwrap();
        assert_eq!(durability.syncs(), 2);
    }

    #[tokio::test]
    async fn after_a_failed_sync_nothing_is_durable_any_more() {
        let (durability, begins, end) = disk();
        end.send(true).unwrap();
        durability.wait().await.unwrap();
        durability.check().unwrap();

        end.send(false).unwrap();
        durability.wait().await.unwrap_err();

        // Not even when the disk says that it works again.
        end.send(true).unwrap();
        durability.wait().await.unwrap_err();
        durability.check().unwrap_err();
        assert_eq!((begins.try_iter().count(), durability.syncs()), (2, 2));
    }

    #[tokio::test]
    async fn a_failure_that_nobody_waited_for_is_kept() {
        let (durability, begins, end) = disk();
        let waiting = durability.clone();
        let waiting = tokio::spawn(async move { waiting.wait().await });
        settle().await;
        begins.try_recv().unwrap();

        waiting.abort();
        let next = durability.wait();
        end.send(false).unwrap();

        next.await.unwrap_err();
        assert_eq!(durability.syncs(), 1);
    }

    #[test]
    fn a_log_that_was_replaced_is_opened_again() {
        let folder = std::env::temp_dir().join(format!("gongtu-log-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        let log = folder.join("it.db-wal");
        let mut open = None;

        sync(&log, &mut open).unwrap();
        assert!(open.is_none());
        std::fs::write(&log, "one").unwrap();
        sync(&log, &mut open).unwrap();
        std::fs::rename(&log, folder.join("old")).unwrap();
        std::fs::write(&log, "another").unwrap();
        sync(&log, &mut open).unwrap();

        assert_eq!(open.unwrap().metadata().unwrap().len(), 7);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
