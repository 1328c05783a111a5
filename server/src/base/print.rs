//! Printing a page of ours into a PDF, by a Chromium of the operator's. Off unless one is set.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::sync::Semaphore;

use super::secret;

/// A page must be printed within this time: a long issue takes two seconds on a small machine.
const WITHIN: Duration = Duration::from_secs(30);
/// Pages printed at a time: each is a browser of its own.
const AT_ONCE: usize = 1;
/// It runs nothing, asks nobody, and keeps nothing but the page.
const ARGUMENTS: [&str; 13] = [
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--blink-settings=scriptEnabled=false",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
];

/// A Chromium that prints. Copies share how many may run at a time.
#[derive(Clone, Debug)]
pub struct Printer {
    chromium: PathBuf,
    sandbox: bool,
    free: Arc<Semaphore>,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum NotPrinted {
    /// The machine refused.
    #[error("{0}")]
    Machine(#[from] std::io::Error),
    /// It took longer than there is patience for.
    #[error("it takes too long")]
    Late,
    /// It ended without a PDF.
    #[error("no PDF came out of it: {0}")]
    Nothing(String),
}

impl Printer {
    /// Reads the settings below `print.`; `None` without a Chromium.
    ///
    /// # Errors
    /// One sentence that names the key.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Result<Option<Self>, String> {
        let sandbox = match get("print.sandbox") {
            None | Some("true") => true,
            Some("false") => false,
            Some(other) => return Err(format!("print.sandbox: {other} is neither true nor false")),
        };
        let Some(chromium) = get("print.chromium").map(PathBuf::from) else {
            return if sandbox { Ok(None) } else { Err("print.chromium: is missing beside print.sandbox".into()) };
        };
        if !chromium.is_file() {
            return Err(format!("print.chromium: {} is no program", chromium.display()));
        }
        Ok(Some(Self { chromium, sandbox, free: Arc::new(Semaphore::new(AT_ONCE)) }))
    }

    /// The PDF of a page that brings along all it needs.
    ///
    /// # Errors
    /// When the browser doesn't come up with one in time.
    pub async fn pdf(&self, html: &str) -> Result<Vec<u8>, NotPrinted> {
        let _place = self.free.acquire().await.map_err(|_| NotPrinted::Late)?;
        let home = Home::make()?;
        let (page, out) = (home.0.join("page.html"), home.0.join("page.pdf"));
        std::fs::write(&page, html)?;
        let mut command = Command::new(&self.chromium);
        command
            .args(ARGUMENTS)
            .args((!self.sandbox).then_some("--no-sandbox"))
            .arg(argument("--user-data-dir=", &home.0.join("profile")))
            .arg(argument("--print-to-pdf=", &out))
            .arg(argument("file://", &page))
            // Whatever the server knows by its environment is not for a browser.
            .env_clear()
            .env("HOME", &home.0)
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let ended = tokio::time::timeout(WITHIN, command.output()).await.map_err(|_| NotPrinted::Late)??;
        let said = || String::from_utf8_lossy(&ended.stderr).lines().last().unwrap_or_default().to_owned();
        std::fs::read(&out).map_err(|_| NotPrinted::Nothing(said()))
    }
}

fn argument(name: &str, path: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from(name);
    argument.push(path);
    argument
}

/// A folder for one page, gone with it.
struct Home(PathBuf);

impl Home {
    fn make() -> std::io::Result<Self> {
        let home = std::env::temp_dir().join(format!("egida-print-{}", secret::token()));
        let mut make = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
        make.create(&home)?;
        Ok(Self(home))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[(&str, &str)]) -> Result<Option<Printer>, String> {
        Printer::read(|name| values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value))
    }

    #[test]
    fn it_is_off_without_a_browser() {
        assert!(read(&[]).expect("nothing is wrong").is_none());
        for (values, key) in [
            (vec![("print.chromium", "/no/chromium")], "print.chromium"),
            (vec![("print.sandbox", "false")], "print.chromium"),
            (vec![("print.sandbox", "perhaps")], "print.sandbox"),
        ] {
            assert!(read(&values).expect_err(key).starts_with(key));
        }
    }

    #[tokio::test]
    async fn a_browser_that_prints_nothing_is_told() {
        let printer = read(&[("print.chromium", "/bin/true")]).expect("a program").expect("a printer");
        assert!(matches!(printer.pdf("<p>a</p>").await, Err(NotPrinted::Nothing(_))));
    }

    #[test]
    fn a_page_has_a_folder_that_goes_with_it() {
        let home = Home::make().expect("a folder");
        std::fs::write(home.0.join("page.html"), "a").expect("written");
        let path = home.0.clone();
        drop(home);
        assert!(!path.exists());
    }
}
