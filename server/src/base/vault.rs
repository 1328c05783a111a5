//! Encrypted files in a folder, under random names: a stolen disk shows how many there are and about how large, and no more.
//!
//! A file is sealed in chunks of 64 KiB, each with XChaCha20-Poly1305 and a random nonce of its own, bound to its file, its
//! place and whether it is the last: chunks can't be left out, put elsewhere or added, and none is written twice with one
//! nonce when an upload goes on after a crash (decision 25).

use std::io::{self, ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key as CipherKey, XChaCha20Poly1305, XNonce};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use super::secret;

/// Bytes of a file that are sealed together.
pub const CHUNK: u64 = 64 * 1024;
/// Bytes that sealing adds to a chunk: a nonce before it, a tag behind it.
const ADDED: u64 = NONCE as u64 + 16;
/// Bytes of a nonce.
const NONCE: usize = 24;
/// Bytes of a name's randomness: 128 bits.
const NAME: usize = 16;

/// The folder's name in a data folder.
pub const FOLDER: &str = "files";

/// A file's own key.
pub type Key = [u8; 32];

/// The folder.
#[derive(Clone, Debug)]
pub struct Vault {
    folder: PathBuf,
}

impl Vault {
    /// The files of a data folder.
    pub fn of(data: &Path) -> Self {
        Self { folder: data.join(FOLDER) }
    }

    /// A name that nothing has.
    pub fn name() -> String {
        secret::hex(&secret::random::<NAME>())
    }

    /// Names are digits: one that comes from elsewhere leads nowhere else.
    fn path(&self, name: &str) -> PathBuf {
        let name: String = name.chars().filter(char::is_ascii_hexdigit).collect();
        self.folder.join(name.get(..2).unwrap_or("00")).join(name)
    }

    /// How many bytes of a file of this size are kept for good, by what lies in the folder: whole chunks.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn kept(&self, name: &str, size: u64) -> io::Result<u64> {
        match fs::metadata(self.path(name)).await {
            Ok(found) if found.len() >= sealed(size) => Ok(size),
            Ok(found) => Ok(found.len() / (CHUNK + ADDED) * CHUNK),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Goes on with a file of this size after what is kept of it, or begins it.
    ///
    /// # Errors
    /// When the folder takes no file.
    pub async fn seal(&self, name: &str, key: &Key, size: u64) -> io::Result<Sealing> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            make_folder(&self.folder).await?;
            make_folder(folder).await?;
        }
        let kept = self.kept(name, size).await?;
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).await?;
        // What a crash has left half written is written anew.
        file.set_len(if kept == size { sealed(size) } else { kept / CHUNK * (CHUNK + ADDED) }).await?;
        file.seek(SeekFrom::End(0)).await?;
        Ok(Sealing { file, cipher: cipher(key), name: name.to_owned(), size, kept, buffer: Vec::new() })
    }

    /// Opens a file of this size.
    ///
    /// # Errors
    /// When it isn't there.
    pub async fn open(&self, name: &str, key: &Key, size: u64) -> io::Result<Opening> {
        let file = File::open(self.path(name)).await?;
        Ok(Opening { file, cipher: cipher(key), name: name.to_owned(), size, at: 0 })
    }

    /// Removes a file; one that isn't there is removed already.
    ///
    /// # Errors
    /// When the folder keeps it.
    pub async fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The bytes of a file as they lie in the folder: for a backup.
    ///
    /// # Errors
    /// When it isn't there.
    pub async fn raw(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(name)).await
    }

    /// Puts such bytes into the folder: from a backup.
    ///
    /// # Errors
    /// When the folder takes no file.
    pub async fn put_raw(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            make_folder(&self.folder).await?;
            make_folder(folder).await?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await?;
        file.write_all(bytes).await?;
        file.sync_all().await
    }

    /// The names of all files in the folder.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        let Some(mut folders) = entries(&self.folder).await? else { return Ok(names) };
        while let Some(folder) = folders.next_entry().await? {
            let Some(mut files) = entries(&folder.path()).await? else { continue };
            while let Some(file) = files.next_entry().await? {
                names.push(file.file_name().to_string_lossy().into_owned());
            }
        }
        Ok(names)
    }
}

async fn entries(folder: &Path) -> io::Result<Option<fs::ReadDir>> {
    match fs::read_dir(folder).await {
        Ok(entries) => Ok(Some(entries)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A folder for this user alone.
async fn make_folder(folder: &Path) -> io::Result<()> {
    let mut make = fs::DirBuilder::new();
    make.mode(0o700);
    match make.create(folder).await {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&CipherKey::from(*key))
}

/// Bytes that a file of this size takes in the folder.
fn sealed(size: u64) -> u64 {
    size + size.div_ceil(CHUNK) * ADDED
}

/// What a chunk is bound to: its file, its place, and whether it is the last.
fn bound(name: &str, index: u64, last: bool) -> Vec<u8> {
    [name.as_bytes(), &index.to_be_bytes(), &[u8::from(last)]].concat()
}

/// A file that is being written.
pub struct Sealing {
    file: File,
    cipher: XChaCha20Poly1305,
    name: String,
    size: u64,
    /// Bytes that are sealed and written.
    kept: u64,
    buffer: Vec<u8>,
}

impl Sealing {
    /// Bytes that are sealed and written.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// Bytes that may still come.
    pub fn room(&self) -> u64 {
        self.size - self.kept - self.buffer.len() as u64
    }

    /// Takes further bytes, and writes what makes whole chunks.
    ///
    /// # Errors
    /// When they are more than there is room for, or the disk takes no more.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() as u64 > self.room() {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.buffer.extend_from_slice(bytes);
        while !self.buffer.is_empty() {
            let chunk = CHUNK.min(self.size - self.kept);
            let length = usize::try_from(chunk).map_err(io::Error::other)?;
            if self.buffer.len() < length {
                break;
            }
            let rest = self.buffer.split_off(length);
            let plain = std::mem::replace(&mut self.buffer, rest);
            let nonce = secret::random::<NONCE>();
            let bound = bound(&self.name, self.kept / CHUNK, self.kept + chunk == self.size);
            let payload = Payload { msg: &plain, aad: &bound };
            let text = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| ErrorKind::InvalidData)?;
            self.file.write_all(&[&nonce[..], &text].concat()).await?;
            self.kept += chunk;
        }
        Ok(())
    }

    /// Sees to it that what is written is on the disk. What makes no whole chunk is forgotten.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn finish(mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await
    }
}

/// A file that is being read.
pub struct Opening {
    file: File,
    cipher: XChaCha20Poly1305,
    name: String,
    size: u64,
    at: u64,
}

impl Opening {
    /// The next chunk; `None` at the end.
    ///
    /// # Errors
    /// When it isn't what was sealed with this key.
    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.at == self.size {
            return Ok(None);
        }
        let chunk = CHUNK.min(self.size - self.at);
        let mut sealed = vec![0; usize::try_from(chunk + ADDED).map_err(io::Error::other)?];
        self.file.read_exact(&mut sealed).await?;
        let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or(ErrorKind::InvalidData)?;
        let bound = bound(&self.name, self.at / CHUNK, self.at + chunk == self.size);
        let payload = Payload { msg: text, aad: &bound };
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| ErrorKind::InvalidData)?;
        self.at += chunk;
        Ok(Some(plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = [7; 32];

    fn vault() -> Vault {
        let home = std::env::temp_dir().join(format!("egida-vault-{}", secret::token()));
        std::fs::create_dir(&home).expect("a folder");
        Vault::of(&home)
    }

    async fn read(vault: &Vault, name: &str, key: &Key, size: u64) -> io::Result<Vec<u8>> {
        let mut opening = vault.open(name, key, size).await?;
        let mut all = Vec::new();
        while let Some(chunk) = opening.next().await? {
            all.extend(chunk);
        }
        Ok(all)
    }

    fn gone(vault: &Vault) {
        std::fs::remove_dir_all(vault.folder.parent().expect("a home")).expect("removed");
    }

    #[tokio::test]
    async fn what_is_sealed_in_any_pieces_reads_back_and_shows_nothing() {
        let vault = vault();
        for size in [1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let name = Vault::name();
            let plain: Vec<u8> = b"canary ".iter().copied().cycle().take(usize::try_from(size).expect("a size")).collect();
            let mut sealing = vault.seal(&name, &KEY, size).await.expect("a file");
            for piece in plain.chunks(10_007) {
                sealing.write(piece).await.expect("written");
            }
            assert!(sealing.write(b"x").await.is_err(), "there is no room for more");
            sealing.finish().await.expect("on the disk");
            assert_eq!(read(&vault, &name, &KEY, size).await.expect("read"), plain, "{size}");
            assert_eq!(vault.kept(&name, size).await.expect("there"), size);
            let raw = vault.raw(&name).await.expect("there");
            assert!(!raw.windows(6).any(|bytes| bytes == b"canary"), "{size}");
            assert!(read(&vault, &name, &[8; 32], size).await.is_err(), "another key");
        }
        assert_eq!(vault.names().await.expect("names").len(), 6);
        gone(&vault);
    }

    #[tokio::test]
    async fn it_goes_on_where_a_crash_has_left_it() {
        use std::os::unix::fs::PermissionsExt;
        let (vault, name) = (vault(), Vault::name());
        let size = 2 * CHUNK + 5;
        let plain: Vec<u8> = (0..size).map(|n| u8::try_from(n % 251).expect("a byte")).collect();
        let mut sealing = vault.seal(&name, &KEY, size).await.expect("a file");
        sealing.write(&plain[..100_000]).await.expect("written");
        sealing.finish().await.expect("on the disk");
        assert_eq!(vault.kept(&name, size).await.expect("there"), CHUNK, "whole chunks are kept");
        let path = vault.path(&name);
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        let torn = [vault.raw(&name).await.expect("there"), vec![1; 1000]].concat();
        std::fs::write(&path, torn).expect("half a chunk");
        let mut sealing = vault.seal(&name, &KEY, size).await.expect("the file");
        let from = usize::try_from(sealing.kept()).expect("a place");
        sealing.write(&plain[from..]).await.expect("written");
        assert_eq!(sealing.room(), 0);
        sealing.finish().await.expect("on the disk");
        assert_eq!(read(&vault, &name, &KEY, size).await.expect("read"), plain);
        gone(&vault);
    }

    #[tokio::test]
    async fn chunks_are_bound_to_their_file_and_place() {
        let (vault, one, other) = (vault(), Vault::name(), Vault::name());
        for name in [&one, &other] {
            let mut sealing = vault.seal(name, &KEY, 2 * CHUNK).await.expect("a file");
            sealing.write(&vec![1; 2 * 64 * 1024]).await.expect("written");
            sealing.finish().await.expect("on the disk");
        }
        let raw = vault.raw(&one).await.expect("there");
        let (first, second) = raw.split_at(raw.len() / 2);
        std::fs::write(vault.path(&one), [second, first].concat()).expect("written");
        assert!(read(&vault, &one, &KEY, 2 * CHUNK).await.is_err(), "another order");
        std::fs::write(vault.path(&one), first).expect("written");
        assert!(read(&vault, &one, &KEY, CHUNK).await.is_err(), "the end cut off");
        std::fs::write(vault.path(&other), raw).expect("written");
        assert!(read(&vault, &other, &KEY, 2 * CHUNK).await.is_err(), "another file's");
        vault.remove(&other).await.expect("removed");
        vault.remove(&other).await.expect("removed already");
        assert!(read(&vault, &other, &KEY, 2 * CHUNK).await.is_err());
        gone(&vault);
    }
}
