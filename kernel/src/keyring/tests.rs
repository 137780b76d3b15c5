use std::fs;

use value::{IdNumber, Phone, Rules, Value};

use super::*;

const PHONE: Place = Place { table: "worker", column: "phone" };
const NUMBER: Place = Place { table: "worker", column: "id_number" };

fn value<T: Value>(text: &str) -> T {
    T::check(text, &Rules { today: chrono::NaiveDate::MAX, synthetic: true }).unwrap().value
}

/// A phone sealed for a record: its data key, and the text of the column.
fn sealed(keyring: &Keyring, id: Uuid) -> (String, String) {
    let mut sealing = Sealing::of(keyring, "worker", id, None);
    let sealed = sealing.seal(PHONE, &value::<Phone>("15412345678")).unwrap();
    let data_key = sealing.made().expect("a key was made");
    (data_key, sealed.as_text().unwrap().to_owned())
}

fn open(keyring: &Keyring, place: Place, id: Uuid, data_key: &str, text: &str) -> Option<String> {
    let closed = Closed { id, data_key: Some(data_key), text };
    keyring.open(place, closed).ok().map(|it| it.to_string())
}

#[test]
fn a_value_opens_at_its_place_and_nowhere_else() {
    for suite in [Suite::Aes256Gcm, Suite::Sm4Gcm] {
        let (keyring, stranger) = (Keyring::new(suite), Keyring::new(suite));
        let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
        let (key, text) = sealed(&keyring, one);
        let (other_key, other_text) = sealed(&keyring, other);

        assert_eq!(open(&keyring, PHONE, one, &key, &text).as_deref(), Some("15412345678"));
        assert!(text.starts_with("154****5678~"), "{text}");
        for (keyring, place, id, key, text) in [
            (&stranger, PHONE, one, &key, &text),
            (&keyring, NUMBER, one, &key, &text),
            (&keyring, PHONE, one, &key, &other_text),
            (&keyring, PHONE, one, &other_key, &other_text),
            (&keyring, PHONE, other, &key, &text),
            (&keyring, PHONE, one, &String::new(), &text),
            (&keyring, PHONE, one, &key, &String::new()),
        ] {
            assert_eq!(open(keyring, place, id, key, text), None);
        }
    }
}

#[test]
fn the_same_value_again_is_not_sealed_again() {
    let keyring = Keyring::new(Suite::Aes256Gcm);
    let id = Uuid::now_v7();
    let (key, text) = sealed(&keyring, id);
    let before = Sealed::<Phone>::from(text);
    let seal = |phone: &str| {
        let mut sealing = Sealing::of(&keyring, "worker", id, Some(&key));
        let mut draft = Set(Some(Sealed::open(value::<Phone>(phone))));
        sealing.column(PHONE, Some(&before), &mut draft).unwrap();
        assert_eq!(sealing.made(), None, "the record has its key");
        draft
    };

    assert_eq!(seal("154 1234 5678"), NotSet);
    let Set(Some(other)) = seal("15412345679") else { panic!("another phone is set") };
    let other = other.as_text().unwrap();
    assert_eq!(open(&keyring, PHONE, id, &key, other).as_deref(), Some("15412345679"));
}

#[test]
fn a_data_key_is_wrapped_anew_and_opens_the_same_values() {
    let mut keyring = Keyring::new(Suite::Aes256Gcm);
    let id = Uuid::now_v7();
    let (old, text) = sealed(&keyring, id);
    assert_eq!(keyring.add_master(Suite::Sm4Gcm), 2);
    assert_eq!(keyring.rewrapped("worker", id, &old).unwrap(), None, "it is not current yet");
    assert!(keyring.remove(KeyKind::Master, 1).is_err());

    keyring.advance();
    let new = keyring.rewrapped("worker", id, &old).unwrap().expect("another key is current");
    let both = keyring.clone();
    keyring.remove(KeyKind::Master, 1).unwrap();

    assert!(new.starts_with("2~"), "{new}");
    assert_eq!(open(&both, PHONE, id, &old, &text), open(&both, PHONE, id, &new, &text));
    assert_eq!(open(&keyring, PHONE, id, &new, &text).as_deref(), Some("15412345678"));
    assert_eq!(open(&keyring, PHONE, id, &old, &text), None, "its key is gone");
    assert!(keyring.remove(KeyKind::Master, 2).is_err());
    assert!(keyring.remove(KeyKind::Master, 7).is_err());
}

#[test]
fn a_blind_index_is_of_a_value_a_place_and_a_key() {
    let mut keyring = Keyring::new(Suite::Aes256Gcm);
    let number = value::<IdNumber>("130399 18500615 019 1");
    let index = |keyring: &Keyring| keyring.index(NUMBER, number.expose());
    let [odd, even] = index(&keyring);
    let odd = odd.unwrap();

    assert_eq!(even, None);
    assert_eq!(odd.len(), "1~".len() + 22, "{odd}");
    assert_eq!(index(&keyring)[0].as_ref(), Some(&odd));
    assert_ne!(keyring.index(PHONE, number.expose())[0].as_ref(), Some(&odd));
    assert_ne!(keyring.index(NUMBER, "130399185006150192")[0].as_ref(), Some(&odd));
    assert_ne!(index(&Keyring::new(Suite::Aes256Gcm))[0].as_ref(), Some(&odd));

    assert_eq!(keyring.add_index().unwrap(), 2);
    assert!(keyring.add_index().is_err(), "there is room for two");
    let [first, second] = index(&keyring);
    assert_eq!(first, Some(odd));
    assert!(second.unwrap().starts_with("2~"));
    keyring.remove(KeyKind::Index, 1).unwrap();
    assert_eq!(keyring.add_index().unwrap(), 3, "it takes the place of the first");
}

#[test]
fn a_keyring_is_kept_in_a_file_of_its_owner() {
    let folder = std::env::temp_dir().join(format!("gongtu-keyring-{}", Uuid::now_v7()));
    fs::create_dir(&folder).unwrap();
    let path = folder.join("gongtu.keyring");
    let keys = Keys::make(&path, Suite::Sm4Gcm).unwrap();
    let id = Uuid::now_v7();
    let (key, text) = sealed(&keys.now(), id);

    assert!(Keys::make(&path, Suite::Sm4Gcm).is_err(), "none is written over");
    keys.change(|it| Ok(it.add_master(Suite::Aes256Gcm))).unwrap();
    let again = Keys::load(&path).unwrap();
    let refused = keys.change(|it| it.remove(KeyKind::Master, 1)).unwrap_err();

    assert!(refused.to_string().contains("in use"), "{refused}");
    assert_eq!(again.now().checks().collect::<Vec<_>>(), keys.now().checks().collect::<Vec<_>>());
    assert_eq!(open(&again.now(), PHONE, id, &key, &text).as_deref(), Some("15412345678"));
    let shown = format!("{:?}", again.now());
    assert!(shown.contains("Key(…)"), "{shown}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let Err(refused) = Keys::load(&path) else { panic!("everybody may read it") };
        assert!(format!("{refused:#}").contains("chmod 600"), "{refused:#}");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_keyring_that_is_not_right_is_refused_without_its_keys() {
    let key = "ab".repeat(32);
    let written = |current: u16, masters: &str, indexes: &str| {
        format!(r#"{{ "current": {current}, "masters": [{masters}], "indexes": [{indexes}] }}"#)
    };
    let master = format!(r#"{{ "id": 1, "suite": "AES-256-GCM", "key": "{key}" }}"#);
    let index = |id: u16| format!(r#"{{ "id": {id}, "key": "{key}" }}"#);
    let both = |one: u16, other: u16| format!("{}, {}", index(one), index(other));

    assert!(Keyring::parse(&written(1, &master, &index(1))).is_ok());
    assert!(Keyring::parse(&written(1, &master, &both(4, 5))).is_ok());
    for wrong in [
        String::new(),
        written(2, &master, &index(1)),
        written(1, "", &index(1)),
        written(1, &master, ""),
        written(1, &format!("{master}, {master}"), &index(1)),
        written(1, &master, &both(1, 1)),
        written(1, &master, &both(1, 3)),
        written(1, &master.replace("AES", "DES"), &index(1)),
        written(1, &master.replace(&key, &key[2..]), &index(1)),
        written(1, &master.replace("key", "kee"), &index(1)),
    ] {
        let refused = format!("{:#}", Keyring::parse(&wrong).unwrap_err());
        assert!(!refused.contains("abab"), "{refused}");
    }
}

#[test]
fn a_keyring_lies_beside_its_file() {
    for (url, path) in [
        ("sqlite://gongtu.db", "gongtu.keyring"),
        ("sqlite:data/city.db?mode=rwc", "data/city.keyring"),
        ("sqlite::memory:", "gongtu.keyring"),
        ("postgres://gongtu:secret@127.0.0.1/city", "gongtu.keyring"),
    ] {
        assert_eq!(path_beside(url), Path::new(path), "{url}");
    }
}
