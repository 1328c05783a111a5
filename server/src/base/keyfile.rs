//! A file that holds a secret: there whole or not at all, whenever the machine stops.

use std::fs::{File, OpenOptions};
use std::io::{Result, Write};
use std::path::Path;

/// Writes a new file for this user alone.
///
/// # Errors
///
/// When there is one already, or its folder takes none.
pub fn create(path: &Path, content: &[u8]) -> Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", super::secret::token()));
    let draft = Path::new(&draft);
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut file = open.open(draft)?;
    // A second name and not a new one: that would take the place of a file that has come meanwhile.
    let made = file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| std::fs::hard_link(draft, path));
    std::fs::remove_file(draft)?;
    made?;
    // What is sealed or signed while its key is not on the disk would be lost in a power cut.
    match path.parent().filter(|home| !home.as_os_str().is_empty()) {
        Some(home) => File::open(home)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_once_and_for_its_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = std::env::temp_dir().join(super::super::secret::token());
        std::fs::create_dir(&home).expect("a folder");
        let path = home.join("key");
        create(&path, b"first").expect("written");
        assert!(create(&path, b"second").is_err());
        assert_eq!(std::fs::read(&path).expect("there"), b"first");
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(&home).expect("a folder").count(), 1, "no draft is left");
        std::fs::remove_dir_all(home).expect("removed");
    }
}
