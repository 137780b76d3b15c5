//! Ten thousand ways to change the audit trail: each is found out.

use std::{cell::RefCell, fs, time::Duration};

use chrono::TimeDelta;
use entity::{audit_checkpoint, audit_entry::AuditAction};
use gongtu::{
    Result,
    audit::{
        self, Act, Caller, Keys, Settings, Signer,
        chain::{GENESIS, Sealed, link},
        verify::{Counts, Fault, FaultKind, Report, Trail, checkpoints_of, verify},
    },
    guard::Limits,
    kind::Kind,
    purpose::{Purpose, PurposeCode},
    setting,
    viewer::Viewer,
};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::support::TestApp;

type Checkpoint = audit_checkpoint::Model;

/// The trail as somebody left it.
#[derive(Clone, PartialEq)]
struct Copy {
    entries: Vec<Sealed>,
    /// Entries that have no place and do not wait for one.
    homeless: i64,
    checkpoints: Vec<Checkpoint>,
}

impl Trail for Copy {
    async fn entries(&self, after: i64, limit: u64) -> Result<Vec<Sealed>> {
        let after = self.entries.iter().filter(|it| it.position > after);
        let mut page: Vec<Sealed> = after.cloned().collect();
        page.sort_by_key(|it| it.position);
        page.truncate(usize::try_from(limit).unwrap());
        Ok(page)
    }

    async fn checkpoints(&self, after: i64, to: i64) -> Result<Vec<Checkpoint>> {
        let within = self.checkpoints.iter().filter(|it| after < it.position && it.position <= to);
        let mut page: Vec<Checkpoint> = within.cloned().collect();
        page.sort_by_key(|it| it.position);
        Ok(page)
    }

    async fn end(&self) -> Result<i64> {
        let entries = self.entries.iter().map(|it| it.position);
        Ok(entries.chain(self.checkpoints.iter().map(|it| it.position)).max().unwrap_or(0))
    }

    async fn counts(&self, to: i64) -> Result<Counts> {
        let seals = self.entries.iter().filter(|it| it.position <= to).count() as i64;
        let checkpoints = self.checkpoints.iter().filter(|it| it.position <= to).count() as i64;
        Ok(Counts { seals, entries: seals + self.homeless, checkpoints })
    }
}

/// A trail that the service made, what it wrote outside meanwhile, and the key.
struct Made {
    trail: Copy,
    outside: Vec<Checkpoint>,
    signer: Signer,
    keys: Keys,
}

const BURSTS: usize = 6;
const BURST: usize = 40;

async fn made() -> Made {
    let file = std::env::temp_dir().join(format!("gongtu-checkpoints-{}", Uuid::now_v7()));
    let audit = Settings { checkpoints: Some(file.clone()), ..Settings::default() };
    let app = TestApp::with(Limits { audit, ..Limits::default() }).await;
    let database = &app.app.shared().database;
    let nobody = Viewer::default();
    let purpose = Purpose { code: PurposeCode::Dispute, case_number: Some("1号".to_owned()) };
    let viewers = [nobody.asking_for(purpose), nobody];
    let actions = [AuditAction::Write, AuditAction::Read, AuditAction::Unmask];
    for burst in 0..BURSTS {
        let rows = (0..BURST).flat_map(|it| {
            let caller = Caller { viewer: &viewers[it % 2], request_id: "r" };
            let act = Act {
                action: actions[it % 3],
                operation: "workerUpdate",
                outcome: "DONE",
                fields: "Worker.name,Worker.phone".to_owned(),
                records: (0..it % 4).map(|_| (Kind::Worker, Uuid::now_v7())).collect(),
            };
            act.rows(caller, app.clock.now())
        });
        let rows: Vec<_> = rows.collect();
        database.write().execute_raw(audit::insert(database.backend(), &rows)).await.unwrap();
        app.clock.advance(TimeDelta::seconds(2));
        let proven = "SELECT coalesce(max(position), 0) FROM audit_checkpoint";
        let expected = i64::try_from((burst + 1) * BURST).unwrap();
        while app.count(proven).await < expected {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let end = database.end().await.unwrap();
    let trail = Copy {
        entries: database.entries(0, 10_000).await.unwrap(),
        homeless: 0,
        checkpoints: database.checkpoints(0, end).await.unwrap(),
    };
    // The last line is written after its checkpoint is committed.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let outside = checkpoints_of(&file).unwrap().collect::<anyhow::Result<Vec<_>>>().unwrap();
    fs::remove_file(file).unwrap();
    let keyring = app.app.shared().keys.now();
    let signer = Signer::of(&setting::audit_seed(database, &keyring).await.unwrap());
    let keys = Keys::read(&signer.public_key()).unwrap();
    Made { trail, outside, signer, keys }
}

impl Made {
    async fn verified(&self, trail: &Copy, outside: &[Checkpoint]) -> Result<Report, Fault> {
        let outside = outside.iter().cloned().map(Ok);
        verify(trail, outside, &self.keys).await.unwrap()
    }
}

/// A text that is another.
fn other(text: &str, chance: &mut ChaCha8Rng) -> String {
    match chance.random_range(0..3) {
        0 => format!("{text}0"),
        1 if !text.is_empty() => text[..text.len() - 1].to_owned(),
        _ => format!("0{text}"),
    }
}

/// Changes one column of an entry.
fn alter(sealed: &mut Sealed, chance: &mut ChaCha8Rng) {
    let Sealed { position, hash, entry } = sealed;
    let flip = |it: &Option<String>| if it.is_some() { None } else { Some(String::new()) };
    match chance.random_range(0..16) {
        0 => entry.id = Uuid::now_v7(),
        1 => entry.at += TimeDelta::microseconds(1),
        2 => entry.action = AuditAction::Lookup,
        3 => entry.actor = other(&entry.actor, chance),
        4 => entry.credential_id = Some(Uuid::now_v7()),
        5 => entry.roles = other(&entry.roles, chance),
        6 => entry.operation = other(&entry.operation, chance),
        7 => entry.outcome = other(&entry.outcome, chance),
        8 => entry.request_id = other(&entry.request_id, chance),
        9 => entry.purpose = flip(&entry.purpose),
        10 => entry.case_number = flip(&entry.case_number),
        11 => entry.fields = other(&entry.fields, chance),
        12 => entry.kinds = other(&entry.kinds, chance),
        13 => entry.records.push(0),
        14 => *position += chance.random_range(1..500),
        _ => {
            let place = chance.random_range(0..hash.len());
            hash[place] ^= 1;
        }
    }
}

/// Changes one column of a checkpoint.
fn alter_checkpoint(it: &mut Checkpoint, chance: &mut ChaCha8Rng) {
    match chance.random_range(0..5) {
        0 => it.position += chance.random_range(1..100),
        1 => it.hash[chance.random_range(0..32)] ^= 1,
        2 => it.at += TimeDelta::seconds(1),
        3 => it.key_id = other(&it.key_id, chance),
        _ => it.signature[chance.random_range(0..64)] ^= 1,
    }
}

/// Gives the entries from a place on fresh positions and hashes.
fn rechain(entries: &mut [Sealed], from: usize) {
    for place in from..entries.len() {
        let before = match place {
            0 => GENESIS,
            _ => entries[place - 1].hash.as_slice().try_into().unwrap(),
        };
        let position = i64::try_from(place).unwrap() + 1;
        let hash = link(&before, position, &entries[place].entry);
        entries[place].position = position;
        entries[place].hash = hash.to_vec();
    }
}

impl Made {
    /// Signs the checkpoints of a trail anew, with the key itself, and drops those of positions that
    /// are no more.
    fn resign(&self, trail: &mut Copy) {
        let Copy { entries, checkpoints, .. } = trail;
        checkpoints.retain_mut(|it| {
            let Some(entry) = entries.get(usize::try_from(it.position).unwrap() - 1) else {
                return false;
            };
            let hash = entry.hash.as_slice().try_into().unwrap();
            *it = self.signer.sign(it.position, hash, it.at);
            true
        });
    }

    /// Changes the trail in some way.
    fn tamper(&self, way: usize, chance: &mut ChaCha8Rng) -> (Copy, Vec<Checkpoint>) {
        let (mut trail, mut outside) = (self.trail.clone(), self.outside.clone());
        let count = trail.entries.len();
        let place = chance.random_range(0..count);
        match way {
            0 => alter(&mut trail.entries[place], chance),
            1 => {
                trail.entries.remove(place);
            }
            2 => {
                trail.entries.remove(place);
                rechain(&mut trail.entries, place);
                self.resign(&mut trail);
            }
            3 => {
                // Two entries change places.
                let with = (place + chance.random_range(1..count)) % count;
                let (one, other) = (trail.entries[place].position, trail.entries[with].position);
                (trail.entries[place].position, trail.entries[with].position) = (other, one);
            }
            4 => {
                let with = (place + chance.random_range(1..count)) % count;
                trail.entries.swap(place, with);
                rechain(&mut trail.entries, place.min(with));
                self.resign(&mut trail);
            }
            5 => {
                // One is told again, at the place of another or further on.
                let mut again = trail.entries[place].clone();
                again.entry.id = Uuid::now_v7();
                again.position = chance.random_range(1..=i64::try_from(count).unwrap());
                trail.entries.push(again);
            }
            6 => {
                let again = trail.entries[place].clone();
                trail.entries.insert(chance.random_range(0..count), again);
                rechain(&mut trail.entries, 0);
                self.resign(&mut trail);
            }
            7 => {
                // The end is cut off, with its checkpoints.
                trail.entries.truncate(place);
                trail.checkpoints.retain(|it| it.position <= i64::try_from(place).unwrap());
            }
            8 => {
                trail.entries.truncate(place);
            }
            9 => {
                // All is made anew from a point on, and signed.
                alter(&mut trail.entries[place], chance);
                rechain(&mut trail.entries, place);
                self.resign(&mut trail);
            }
            10 => {
                let place = chance.random_range(0..trail.checkpoints.len());
                alter_checkpoint(&mut trail.checkpoints[place], chance);
            }
            11 => {
                let place = chance.random_range(0..trail.checkpoints.len());
                trail.checkpoints.remove(place);
            }
            12 => {
                let place = chance.random_range(0..outside.len());
                alter_checkpoint(&mut outside[place], chance);
            }
            13 => {
                // Its place is taken away, as if it had been written just now; or it never had one.
                if chance.random() {
                    trail.entries.remove(place);
                }
                trail.homeless += 1;
            }
            14 => {
                let mut stranger = trail.entries[place].clone();
                stranger.position = -i64::try_from(place).unwrap();
                trail.entries.push(stranger);
            }
            _ => {
                // Signed by somebody else.
                let stranger = Signer::of(&[7; 32]);
                for it in &mut trail.checkpoints {
                    let hash = it.hash.as_slice().try_into().unwrap();
                    *it = stranger.sign(it.position, hash, it.at);
                }
            }
        }
        (trail, outside)
    }
}

const WAYS: usize = 16;
const TAMPERINGS: usize = 10_000;

#[tokio::test]
async fn ten_thousand_tamperings_are_found_and_none_where_there_is_none() {
    let made = made().await;
    let count = i64::try_from(BURSTS * BURST).unwrap();

    let report = made.verified(&made.trail, &made.outside).await.unwrap();
    assert_eq!(report.entries, count);
    assert_eq!((report.proven, report.proven_outside), (count, count));
    assert!(report.checkpoints >= BURSTS as u64, "{report:?}");
    assert_eq!(report.outside, report.checkpoints);

    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let (mut tampered, mut missed) = ([0; WAYS], Vec::new());
    for number in 0..TAMPERINGS {
        let way = number % WAYS;
        let (trail, outside) = made.tamper(way, &mut chance);
        if trail == made.trail && outside == made.outside {
            // Chance left it as it was.
            continue;
        }
        tampered[way] += 1;
        if made.verified(&trail, &outside).await.is_ok() {
            missed.push((number, way));
        }
    }
    assert_eq!(missed, []);
    assert!(tampered.iter().all(|it| *it > TAMPERINGS / WAYS / 2), "{tampered:?}");
    assert!(tampered.iter().sum::<usize>() > TAMPERINGS * 99 / 100, "{tampered:?}");
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_place() {
    let made = made().await;
    let found = RefCell::new(Vec::new());
    let check = async |change: &dyn Fn(&mut Copy), outside: &[Checkpoint]| {
        let mut trail = made.trail.clone();
        change(&mut trail);
        let fault = made.verified(&trail, outside).await.unwrap_err();
        found.borrow_mut().push((fault.position, fault.kind));
    };

    check(&|it| it.entries[9].entry.actor.push('0'), &[]).await;
    check(&|it| drop(it.entries.remove(9)), &[]).await;
    check(&|it| it.entries.truncate(239), &[]).await;
    check(&|it| it.checkpoints[1].signature[0] ^= 1, &[]).await;
    check(&|it| drop(it.checkpoints.remove(1)), &made.outside).await;
    let anew = |it: &mut Copy| {
        it.entries[9].entry.actor.push('0');
        rechain(&mut it.entries, 9);
        made.resign(it);
    };
    check(&anew, &made.outside).await;
    let cut = |it: &mut Copy| {
        it.entries.truncate(100);
        it.checkpoints.retain(|it| it.position <= 100);
    };
    check(&cut, &made.outside).await;

    assert_eq!(
        found.into_inner(),
        [
            (10, FaultKind::Altered),
            (10, FaultKind::Missing),
            (240, FaultKind::Missing),
            (80, FaultKind::Unsigned { is_outside: false }),
            (80, FaultKind::Removed),
            (40, FaultKind::Rechained { is_outside: true }),
            (101, FaultKind::Missing),
        ]
    );
    // Without a checkpoint from outside nobody could know: that is what it is for.
    let mut trail = made.trail.clone();
    anew(&mut trail);
    let report = made.verified(&trail, &[]).await.unwrap();
    assert_eq!(report.proven_outside, 0);
}
