//! Secrets that must be read again, sealed with a key that lies outside the data folder: a stolen database, or a copy of
//! it, is not enough to open them.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

use super::{keyfile, secret};

/// Bytes of the key: AES-256.
const KEY_BYTES: usize = 32;
/// Bytes before the sealed text: a random nonce, as AES-GCM wants it (NIST SP 800-38D, 8.2.2). One key seals far fewer
/// than the 2^32 texts for which random nonces are safe.
const NONCE_BYTES: usize = 12;

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The key's file can't be read or made.
    #[error("the key {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The key's file holds something else.
    #[error("the key {0} is not 32 bytes long")]
    Key(PathBuf),
    /// Not sealed with this key for this purpose.
    #[error("a sealed secret can't be opened with this key")]
    Secret,
}

/// Seals and opens, with the key in a file. The key is made when something is first sealed.
pub struct Seal {
    file: PathBuf,
    key: Mutex<Option<[u8; KEY_BYTES]>>,
}

impl Seal {
    /// With the key in this file, which need not be there yet.
    pub fn with(file: PathBuf) -> Self {
        Self { file, key: Mutex::new(None) }
    }

    /// With the key beside a data folder: `egida-data` has `egida-data.factor-key`.
    pub fn beside(folder: &Path) -> Self {
        // A folder that is called `.` has no name to put beside it.
        let folder = folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.into());
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push(".factor-key");
        Self::with(folder.with_file_name(name))
    }

    /// The file of the key.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Makes the key if there is none yet.
    pub fn make(&self) -> Result<(), Error> {
        self.cipher(true).map(drop)
    }

    /// Seals a secret. It opens only for the same `purpose`, such as the account it belongs to.
    pub fn seal(&self, secret: &[u8], purpose: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = secret::random::<NONCE_BYTES>();
        let text =
            self.cipher(true)?.encrypt(&Nonce::from(nonce), Payload { msg: secret, aad: purpose }).map_err(|_| Error::Secret)?;
        Ok([&nonce[..], &text].concat())
    }

    /// Opens what [`Seal::seal`] sealed.
    pub fn open(&self, sealed: &[u8], purpose: &[u8]) -> Result<Vec<u8>, Error> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Error::Secret)?;
        self.cipher(false)?.decrypt(&Nonce::from(*nonce), Payload { msg: text, aad: purpose }).map_err(|_| Error::Secret)
    }

    fn cipher(&self, make: bool) -> Result<Aes256Gcm, Error> {
        let mut held = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match *held {
            Some(key) => key,
            None => *held.insert(self.load(make)?),
        };
        Ok(Aes256Gcm::new(&key.into()))
    }

    fn load(&self, make: bool) -> Result<[u8; KEY_BYTES], Error> {
        let failed = |error| Error::File(self.file.clone(), error);
        if make && !self.file.exists() {
            keyfile::create(&self.file, &secret::random::<KEY_BYTES>()).map_err(failed)?;
        }
        let bytes = std::fs::read(&self.file).map_err(failed)?;
        bytes.try_into().map_err(|_| Error::Key(self.file.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_with_its_key_alone() {
        let folder = std::env::temp_dir().join(format!("egida-seal-{}", secret::token()));
        std::fs::create_dir(&folder).expect("a folder");
        let (seal, other) = (Seal::beside(&folder.join("data")), Seal::with(folder.join("other")));
        let sealed = seal.seal(b"seed", b"ana").expect("sealed");
        assert!(!sealed.windows(4).any(|bytes| bytes == b"seed"));
        assert_ne!(sealed, seal.seal(b"seed", b"ana").expect("sealed"), "a nonce is used once");
        assert_eq!(Seal::beside(&folder.join("data")).open(&sealed, b"ana").expect("opened after a restart"), b"seed");
        assert!(matches!(seal.open(&sealed, b"ion"), Err(Error::Secret)));
        assert!(matches!(other.open(&sealed, b"ana"), Err(Error::File(..))), "opening makes no key");
        other.seal(b"seed", b"ana").expect("sealed");
        assert!(matches!(other.open(&sealed, b"ana"), Err(Error::Secret)));
        assert!(folder.join("data.factor-key").exists() && !folder.join("data").exists());
        std::fs::create_dir(folder.join("data")).expect("a folder");
        assert_eq!(Seal::beside(&folder.join("data/.")).file(), Seal::beside(&folder.join("data")).file());
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
