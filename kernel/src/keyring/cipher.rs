//! Authenticated encryption: keys, suites, and the envelope that says how to open it.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use aes_gcm::{
    Aes256Gcm, AesGcm,
    aead::{Aead, KeyInit, Payload, consts::U12},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm4::Sm4;
use zeroize::Zeroizing;

/// How a value is encrypted. The number stands first in its envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Suite {
    /// AES-256 in Galois/counter mode, NIST SP 800-38D.
    #[serde(rename = "AES-256-GCM")]
    #[value(name = "AES-256-GCM")]
    Aes256Gcm = 1,
    /// SM4 (GB/T 32907) in the same mode, RFC 8998.
    #[serde(rename = "SM4-GCM")]
    #[value(name = "SM4-GCM")]
    Sm4Gcm = 2,
}

/// An authenticated cipher that has its key.
pub trait Cipher: Send + Sync {
    /// What is bound to the text is not in the answer, and has to be the same to open it.
    fn encrypt(&self, nonce: [u8; NONCE], text: &[u8], bound: &[u8]) -> Vec<u8>;

    fn decrypt(&self, nonce: [u8; NONCE], sealed: &[u8], bound: &[u8]) -> Option<Vec<u8>>;
}

/// 256 bits that nobody else knows.
#[derive(Clone)]
pub struct Key {
    bytes: Zeroizing<[u8; KEY]>,
    /// In the order of [`Suite::ALL`], each made when it is first needed.
    ciphers: [OnceLock<Arc<dyn Cipher>>; 2],
}

const KEY: usize = 32;
/// 96 bits, drawn anew for each envelope.
const NONCE: usize = 12;

impl<C: Aead<NonceSize = U12> + Send + Sync> Cipher for C {
    fn encrypt(&self, nonce: [u8; NONCE], text: &[u8], bound: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: text, aad: bound };
        Aead::encrypt(self, &nonce.into(), payload).expect("a value is shorter than 64 GiB")
    }

    fn decrypt(&self, nonce: [u8; NONCE], sealed: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
        Aead::decrypt(self, &nonce.into(), Payload { msg: sealed, aad: bound }).ok()
    }
}

impl Suite {
    const ALL: [Suite; 2] = [Suite::Aes256Gcm, Suite::Sm4Gcm];

    pub const fn name(self) -> &'static str {
        match self {
            Suite::Aes256Gcm => "AES-256-GCM",
            Suite::Sm4Gcm => "SM4-GCM",
        }
    }

    fn cipher(self, key: &Key) -> &dyn Cipher {
        // A key of its own for each suite: none is weakened by another.
        let make = || -> Arc<dyn Cipher> {
            match self {
                Suite::Aes256Gcm => {
                    Arc::new(Aes256Gcm::new(&(*key.derive::<32>(self.name())).into()))
                }
                Suite::Sm4Gcm => Arc::new(Sm4Gcm::new(&(*key.derive::<16>(self.name())).into())),
            }
        };
        &**key.ciphers[self as usize - 1].get_or_init(make)
    }
}

type Sm4Gcm = AesGcm<Sm4, U12>;

impl Key {
    pub fn random() -> Key {
        Key::of(rand::random())
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Key> {
        Some(Key::of(bytes.try_into().ok()?))
    }

    fn of(bytes: [u8; KEY]) -> Key {
        Key { bytes: Zeroizing::new(bytes), ciphers: Default::default() }
    }

    pub fn bytes(&self) -> &[u8] {
        &*self.bytes
    }

    /// Tells this key from others, and nothing else of it.
    pub fn check(&self) -> String {
        data_encoding::HEXLOWER.encode(&*self.derive::<8>("check"))
    }

    /// An envelope: suite, nonce, then the encrypted text with its tag; in base64url.
    pub fn seal(&self, suite: Suite, text: &[u8], bound: &[u8]) -> String {
        let nonce: [u8; NONCE] = rand::random();
        let mut envelope = vec![suite as u8];
        envelope.extend_from_slice(&nonce);
        envelope.extend(suite.cipher(self).encrypt(nonce, text, bound));
        URL_SAFE_NO_PAD.encode(envelope)
    }

    /// What is in an envelope; nothing where it was sealed with another key, bound to something else,
    /// or altered.
    pub fn open(&self, envelope: &str, bound: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let envelope = URL_SAFE_NO_PAD.decode(envelope).ok()?;
        let (suite, rest) = envelope.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk()?;
        let suite = Suite::ALL.into_iter().find(|it| *it as u8 == *suite)?;
        suite.cipher(self).decrypt(*nonce, sealed, bound).map(Zeroizing::new)
    }

    fn derive<const N: usize>(&self, purpose: &str) -> Zeroizing<[u8; N]> {
        let mut derived = Zeroizing::new([0; N]);
        let expanded = Hkdf::<Sha256>::from_prk(&*self.bytes)
            .map(|it| it.expand(purpose.as_bytes(), &mut *derived));
        assert!(matches!(expanded, Ok(Ok(()))), "both are as long as a hash, or shorter");
        derived
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER_PERMISSIVE;

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
    }

    #[track_caller]
    fn known(cipher: &dyn Cipher, nonce: &str, text: &str, bound: &str, sealed: &str) {
        let nonce = hex(nonce).try_into().unwrap();
        assert_eq!(cipher.encrypt(nonce, &hex(text), &hex(bound)), hex(sealed));
        assert_eq!(cipher.decrypt(nonce, &hex(sealed), &hex(bound)), Some(hex(text)));
    }

    /// Test case 16 of the specification of GCM that NIST published.
    #[test]
    fn aes_256_gcm_is_that_of_nist() {
        let key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        known(
            &Aes256Gcm::new_from_slice(&key).unwrap(),
            "cafebabefacedbaddecaf888",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
             76fc6ece0f4e1768cddf8853bb2d551b",
        );
    }

    /// RFC 8998, appendix A.1.
    #[test]
    fn sm4_gcm_is_that_of_rfc_8998() {
        let key = hex("0123456789abcdeffedcba9876543210");
        known(
            &Sm4Gcm::new_from_slice(&key).unwrap(),
            "00001234567800000000abcd",
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
             eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
             83de3541e4c2b58177e065a9bf7b62ec",
        );
    }

    #[test]
    fn an_envelope_says_its_suite_and_opens_with_its_key_and_what_it_is_bound_to() {
        let (key, other) = (Key::random(), Key::random());
        for suite in Suite::ALL {
            let envelope = key.seal(suite, b"15412345678", b"worker.phone");
            let open = |key: &Key, envelope: &str, bound: &[u8]| {
                key.open(envelope, bound).map(|it| it.to_vec())
            };

            let bytes = URL_SAFE_NO_PAD.decode(&envelope).unwrap();
            assert_eq!((bytes[0], bytes.len()), (suite as u8, 1 + 12 + 11 + 16));
            assert_eq!(open(&key, &envelope, b"worker.phone").unwrap(), b"15412345678");
            assert_eq!(open(&other, &envelope, b"worker.phone"), None);
            assert_eq!(open(&key, &envelope, b"worker.id_number"), None);
            for place in 0..bytes.len() {
                let mut altered = bytes.clone();
                altered[place] ^= 1;
                let altered = URL_SAFE_NO_PAD.encode(altered);
                assert_eq!(open(&key, &altered, b"worker.phone"), None, "{place}");
            }
            assert_ne!(envelope, key.seal(suite, b"15412345678", b"worker.phone"));
        }
        for nothing in ["", "AQ", "~", "not base64"] {
            assert!(key.open(nothing, b"").is_none(), "{nothing}");
        }
    }
}
