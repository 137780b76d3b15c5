use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Error, Result};

const TAG: usize = 10;

/// Writes a cursor that only fits what it is bound to.
pub fn seal(secret: &[u8], binding: &str, body: &[u8]) -> String {
    let mut cursor = tag(secret, binding, body).to_vec();
    cursor.extend_from_slice(body);
    URL_SAFE_NO_PAD.encode(cursor)
}

/// Reads a cursor; an altered or a foreign one is refused.
pub fn open(secret: &[u8], binding: &str, cursor: &str) -> Result<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::cursor())?;
    let (given, body) = bytes.split_at_checked(TAG).ok_or_else(Error::cursor)?;
    if tag(secret, binding, body) == *given { Ok(body.to_vec()) } else { Err(Error::cursor()) }
}

fn tag(secret: &[u8], binding: &str, body: &[u8]) -> [u8; TAG] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length is a key");
    mac.update(&(binding.len() as u64).to_be_bytes());
    mac.update(binding.as_bytes());
    mac.update(body);
    let tag = mac.finalize().into_bytes();
    tag[..TAG].try_into().expect("the tag is longer")
}
