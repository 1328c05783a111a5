//! A service on another machine that an operator names: its address, the hosts where it may be, its key.

use std::path::Path;

use url::Url;

use super::Outgoing;

/// A service on another machine, or on this one.
pub struct Elsewhere {
    /// Its address, without a slash at the end.
    pub url: String,
    /// Its host.
    pub host: String,
    /// The way there.
    pub outgoing: Outgoing,
    /// What it knows us by.
    pub key: Option<String>,
}

/// Without the key.
impl std::fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Elsewhere({})", self.url)
    }
}

impl Elsewhere {
    /// Reads `url`, `hosts`, `key_file` and `authorities` below a name; `None` without a URL, beside which none of them, nor
    /// of the `others`, may be.
    ///
    /// # Errors
    ///
    /// One sentence that names the key.
    pub fn read<'a>(name: &str, others: &[&str], get: impl Fn(&str) -> Option<&'a str>) -> Result<Option<Self>, String> {
        let get = |key: &str| get(&format!("{name}.{key}"));
        let Some(url) = get("url") else {
            let beside = ["hosts", "key_file", "authorities"].iter().chain(others).find(|key| get(key).is_some());
            return beside.map_or(Ok(None), |key| Err(format!("{name}.url: is missing beside {name}.{key}")));
        };
        let (url, host) = address(url).map_err(|why| format!("{name}.url: {why}"))?;
        let mut hosts = get("hosts").unwrap_or_default().split(',').map(str::trim);
        if !hosts.any(|allowed| allowed.eq_ignore_ascii_case(&host)) {
            return Err(format!("{name}.hosts: {host} is not among them, so that nothing would leave for it"));
        }
        let outgoing = match (url.starts_with("https://"), get("authorities").map(Path::new)) {
            (true, file) => Outgoing::by_tls(file).map_err(|why| format!("{name}.authorities: {why}"))?,
            (false, None) => Outgoing::plain(),
            (false, Some(_)) => return Err(format!("{name}.authorities: is only for a {name}.url that begins with https")),
        };
        let key = get("key_file").map(key).transpose().map_err(|why| format!("{name}.key_file: {why}"))?;
        Ok(Some(Self { url: url.trim_end_matches('/').to_owned(), host, outgoing, key }))
    }
}

/// A plain address by TLS, or of this very machine; and its host.
fn address(text: &str) -> Result<(String, String), String> {
    let wrong = |why: &str| Err(format!("{text} {why}"));
    let Ok(url) = Url::parse(text) else { return wrong("is no URL") };
    let Some(host) = url.host_str() else { return wrong("has no host") };
    let here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        return wrong("must begin with https, unless it is on this very machine");
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("this must be a plain address, without a password, a query or a fragment".into());
    }
    Ok((url.to_string(), host.to_owned()))
}

fn key(file: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file} can't be read: {error}"))?;
    match text.trim() {
        "" => Err(format!("{file} is empty")),
        key if key.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(key.to_owned()),
        _ => Err(format!("{file} holds more than a key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[(&str, &str)]) -> Result<Option<Elsewhere>, String> {
        Elsewhere::read("maps", &["model"], |name| values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value))
    }

    const URL: (&str, &str) = ("maps.url", "http://localhost:5000/");
    const HOSTS: (&str, &str) = ("maps.hosts", "maps.example, Localhost");

    #[test]
    fn it_is_off_without_an_address() {
        assert!(read(&[]).expect("nothing is wrong").is_none());
        for beside in ["hosts", "key_file", "authorities", "model"] {
            let error = read(&[(&format!("maps.{beside}"), "x")]).expect_err(beside);
            assert!(error.starts_with("maps.url: "), "{error}");
        }
    }

    #[test]
    fn it_is_where_its_host_may_be() {
        let service = read(&[URL, HOSTS]).expect("good").expect("a service");
        assert_eq!((service.url.as_str(), service.host.as_str()), ("http://localhost:5000", "localhost"));
        let below = read(&[("maps.url", "http://localhost/api/v1"), HOSTS]).expect("good").expect("a service");
        assert_eq!((below.url.as_str(), below.key.is_none()), ("http://localhost/api/v1", true));
    }

    #[test]
    fn mistakes_name_their_key() {
        for (key, value) in [
            ("maps.url", "localhost"),
            ("maps.url", "http://maps.example/"),
            ("maps.url", "ftp://localhost/"),
            ("maps.url", "http://me:secret@localhost/"),
            ("maps.url", "http://localhost/?key=secret"),
            ("maps.hosts", "maps.example"),
            ("maps.hosts", "localhost.example"),
            ("maps.hosts", " , "),
            ("maps.key_file", "/nowhere/at/all"),
            ("maps.key_file", "/dev/null"),
            ("maps.authorities", "/nowhere/at/all.pem"),
        ] {
            let values: Vec<_> = [URL, HOSTS].into_iter().filter(|(name, _)| *name != key).chain([(key, value)]).collect();
            let error = read(&values).expect_err(value);
            assert!(error.starts_with(key) && !error.contains("secret@"), "{key} = {value}: {error}");
        }
    }

    #[test]
    fn its_key_is_not_shown() {
        let file = std::env::temp_dir().join(format!("egida-key-{}", crate::base::secret::token()));
        std::fs::write(&file, " hush \n").expect("written");
        let service = read(&[URL, HOSTS, ("maps.key_file", &file.display().to_string())]).expect("good").expect("a service");
        std::fs::write(&file, "hush\r\nhost: x").expect("written");
        let error = read(&[URL, HOSTS, ("maps.key_file", &file.display().to_string())]).expect_err("two lines");
        std::fs::remove_file(file).expect("removed");
        assert_eq!(service.key.as_deref(), Some("hush"));
        assert_eq!(format!("{service:?}"), "Elsewhere(http://localhost:5000)");
        assert!(error.starts_with("maps.key_file: "), "{error}");
    }
}
