use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Error, Result};

const TAG: usize = 10;

/// Writes and reads cursors that only fit what they are bound to.
pub struct Seal {
    /// The key and the binding, hashed once for all cursors of a page.
    bound: Hmac<Sha256>,
}

impl Seal {
    pub fn new(secret: &[u8], binding: &str) -> Seal {
        let mut bound = Hmac::<Sha256>::new_from_slice(secret).expect("any length is a key");
        bound.update(&(binding.len() as u64).to_be_bytes());
        bound.update(binding.as_bytes());
        Seal { bound }
    }

    pub fn seal(&self, body: &[u8]) -> String {
        let mut cursor = String::new();
        self.push(&mut cursor, &mut [&[0; TAG], body].concat());
        cursor
    }

    /// Writes a cursor behind a text. Its body comes with room before it: see [`Seal::blank`].
    pub fn push(&self, out: &mut String, cursor: &mut [u8]) {
        let (tag, body) = cursor.split_at_mut(TAG);
        tag.copy_from_slice(&self.tag(body));
        URL_SAFE_NO_PAD.encode_string(cursor, out);
    }

    /// What a body is written behind.
    pub fn blank() -> Vec<u8> {
        let mut cursor = Vec::with_capacity(TAG + 64);
        cursor.resize(TAG, 0);
        cursor
    }

    /// The body of a cursor; an altered or a foreign one is refused.
    pub fn open(&self, cursor: &str) -> Result<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::cursor())?;
        let (given, body) = bytes.split_at_checked(TAG).ok_or_else(Error::cursor)?;
        if self.tag(body) == *given { Ok(body.to_vec()) } else { Err(Error::cursor()) }
    }

    fn tag(&self, body: &[u8]) -> [u8; TAG] {
        let mut mac = self.bound.clone();
        mac.update(body);
        let tag = mac.finalize().into_bytes();
        tag[..TAG].try_into().expect("the tag is longer")
    }
}
