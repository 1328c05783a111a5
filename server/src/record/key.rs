//! The key that signs the record's head. It lies outside the data folder: whoever holds a copy of the folder can write the
//! record anew, but can't sign it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::base::{db, keyfile, secret};

/// What stands before the secret half in its file.
const SECRET: &str = "egida-record-key";
/// What stands before the public half, as it is printed.
const PUBLIC: &str = "egida-record-public";
/// Bytes of a public key's hash by which it is named.
const ID_BYTES: usize = 8;

/// The secret half.
pub struct Key(SigningKey);

impl Key {
    /// Reads the key's file; makes it, for this user alone, if there is none and its folder exists.
    ///
    /// # Errors
    /// One sentence about the file.
    pub fn load_or_make(path: &Path) -> Result<Self, String> {
        match Self::load(path)? {
            Some(key) => Ok(key),
            None => Self::make(path),
        }
    }

    /// Reads the key's file; `None` if there is none.
    ///
    /// # Errors
    /// One sentence about the file.
    pub fn load(path: &Path) -> Result<Option<Self>, String> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map(Some).ok_or_else(|| format!("{} holds no key of the record", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{} can't be read: {error}", path.display())),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(Self(SigningKey::from_bytes(&bytes(text, SECRET)?)))
    }

    fn make(path: &Path) -> Result<Self, String> {
        let key = Self(SigningKey::from_bytes(&secret::random()));
        let line = format!("{SECRET} {}\n", secret::hex(key.0.as_bytes()));
        let written = keyfile::create(path, line.as_bytes());
        written.map(|()| key).map_err(|error| format!("{} can't be made: {error}", path.display()))
    }

    /// The public half.
    pub fn public(&self) -> Public {
        Public(self.0.verifying_key())
    }

    pub(super) fn sign(&self, text: &str) -> String {
        secret::hex(&self.0.sign(text.as_bytes()).to_bytes())
    }
}

/// The public half: enough to check, not to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Public(VerifyingKey);

impl Public {
    /// By what the key is named in a head.
    pub fn id(&self) -> String {
        secret::hex(&Sha256::digest(self.0.as_bytes())[..ID_BYTES])
    }

    pub(super) fn signed(&self, text: &str, signature: &str) -> bool {
        let signature = secret::from_hex(signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| self.0.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl FromStr for Public {
    type Err = ();
    /// From either half, as it stands in a file.
    fn from_str(text: &str) -> Result<Self, ()> {
        let public = || VerifyingKey::from_bytes(&bytes(text, PUBLIC)?).ok().map(Self);
        Key::parse(text).map(|key| key.public()).or_else(public).ok_or(())
    }
}

impl fmt::Display for Public {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC} {}", secret::hex(self.0.as_bytes()))
    }
}

/// The 32 bytes after a word.
fn bytes(text: &str, word: &str) -> Option<[u8; 32]> {
    let digits = text.trim().strip_prefix(word)?.trim();
    secret::from_hex(digits)?.try_into().ok()
}

/// Where the key lies when nothing else is said: beside the data folder and not inside it, so that a copy of the folder
/// doesn't hold it.
pub fn beside(folder: &Path) -> PathBuf {
    db::beside(folder, "record-key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("egida-key-{}", secret::token()));
        std::fs::create_dir(&folder).expect("a folder");
        folder
    }

    #[test]
    fn a_key_is_made_once_for_its_user_alone() {
        let folder = folder();
        let path = folder.join("record-key");
        let made = Key::load_or_make(&path).expect("a key").public();
        assert_eq!(Key::load_or_make(&path).expect("the key").public(), made);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let rights = std::fs::metadata(&path).expect("a file").permissions().mode();
            assert_eq!(rights & 0o777, 0o600);
        }
        std::fs::write(&path, "rubbish").expect("written");
        assert!(Key::load_or_make(&path).is_err(), "rubbish is not written over");
        std::fs::remove_dir_all(folder).expect("removed");
        assert!(Key::load_or_make(&path).is_err(), "no folder is made for it");
    }

    #[test]
    fn either_half_checks_a_signature() {
        let key = Key(SigningKey::from_bytes(&[7; 32]));
        let signature = key.sign("text");
        let halves = [key.public().to_string(), format!("{SECRET} {}\n", secret::hex(&[7; 32]))];
        for half in halves {
            let public: Public = half.parse().expect("a key");
            assert!(public.signed("text", &signature));
            assert!(!public.signed("tekst", &signature));
            assert!(!public.signed("text", &signature.replace(&signature[..1], "g")));
        }
        assert_eq!("egida-record-public 00".parse::<Public>(), Err(()));
    }

    #[test]
    fn the_key_lies_beside_the_folder() {
        assert_eq!(beside(Path::new("/var/lib/egida/")), Path::new("/var/lib/egida.record-key"));
        assert!(beside(Path::new("./egida-data")).ends_with("egida-data.record-key"));
    }
}
