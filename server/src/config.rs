//! What an operator may set: a TOML file, the environment, and flags. Environment beats file, flag beats both.

mod keys;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::base::http::{Hsts, Tls};
use crate::base::limits::{Accreditation, Limits};
use crate::base::mail::Mailer;
use crate::base::print::Printer;
use crate::identity::{PROVIDER_KEYS, Providers};
use crate::record::Place;
use crate::search::Meaning;
use crate::translation;
use keys::{KEYS, PROVIDER, is_setting, of_provider, variable};

pub(crate) use keys::reference;

/// Days that a closed request can be kept.
const REQUEST_DAYS: std::ops::RangeInclusive<u32> = 30..=3_650;

/// The settings of a server.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    pub(crate) public_origin: Option<String>,
    pub(crate) hsts: Hsts,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// `None`: beside the data folder.
    pub(crate) factor_key: Option<PathBuf>,
    /// With it, the server speaks TLS itself.
    pub(crate) certificate: Option<Tls>,
    pub(crate) log: String,
    pub(crate) record_head: Option<Place>,
    pub(crate) record_key: Option<PathBuf>,
    pub(crate) erasures: Option<PathBuf>,
    pub(crate) providers: Providers,
    /// Off without it.
    pub(crate) translation: Option<translation::Service>,
    pub(crate) meaning: Option<Meaning>,
    pub(crate) mail: Option<Mailer>,
    pub(crate) print: Option<Printer>,
    pub(crate) limits: Limits,
}

impl Config {
    /// Reads file and environment. The error is one sentence that names the key.
    pub(crate) fn load(file: Option<&Path>, env: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let mut values = match file {
            None => BTreeMap::new(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("config: {} can't be read: {error}", path.display()))?;
                flatten(&text).map_err(|error| format!("config: {}: {error}", path.display()))?
            }
        };
        if let Some(unknown) = values.keys().find(|name| !is_setting(name)) {
            return Err(format!("config: {unknown} is not a setting"));
        }
        let named: BTreeSet<String> = values.keys().filter_map(|key| Some(of_provider(key)?.0.to_owned())).collect();
        let of_providers = named.iter().flat_map(|id| PROVIDER_KEYS.map(|key| format!("{PROVIDER}{id}.{key}")));
        for name in KEYS.iter().map(|key| key.name.to_owned()).chain(of_providers) {
            if let Some(value) = env(&variable(&name)) {
                values.insert(name, value);
            }
        }
        Self::parse(&values)
    }

    fn parse(values: &BTreeMap<String, String>) -> Result<Self, String> {
        let get = |name: &str| values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        let defaults = Limits::default();
        let origin = get("public_origin").map(origin).transpose()?;
        let providers = Providers::read(&by_provider(values), origin.as_deref())?;
        let proxies = get("trusted_proxies").unwrap_or_default().split(',').map(str::trim).filter(|proxy| !proxy.is_empty());
        Ok(Self {
            listen: address("listen", get("listen").unwrap_or("127.0.0.1:8080"))?,
            hsts: hsts(get("hsts_subdomains"), is_tls(origin.as_deref()))?,
            trusted_proxies: proxies
                .map(|proxy| proxy.parse().map_err(|_| format!("trusted_proxies: {proxy} is not an IP address")))
                .collect::<Result<_, String>>()?,
            factor_key: get("factor_key").map(PathBuf::from),
            certificate: certificate(get("tls.certificate"), get("tls.key"), origin.as_deref())?,
            public_origin: origin,
            log: get("log").unwrap_or("info").to_owned(),
            record_head: place(get("record_head"), get("record_authorities"))?,
            record_key: get("record_key").map(Into::into),
            erasures: get("erasures").map(Into::into),
            providers,
            translation: translation::Service::read(get)?,
            meaning: Meaning::read(get)?,
            mail: mail(Mailer::read(get)?, get("public_origin"))?,
            print: Printer::read(get)?,
            limits: Limits {
                frames_per_second: number(
                    get("limits.frames_per_second"),
                    "limits.frames_per_second",
                    defaults.frames_per_second,
                )?,
                frames_burst: number(get("limits.frames_burst"), "limits.frames_burst", defaults.frames_burst)?,
                posts_per_second: number(get("limits.posts_per_second"), "limits.posts_per_second", defaults.posts_per_second)?,
                posts_burst: number(get("limits.posts_burst"), "limits.posts_burst", defaults.posts_burst)?,
                sockets_per_account: number(
                    get("limits.sockets_per_account"),
                    "limits.sockets_per_account",
                    defaults.sockets_per_account,
                )?,
                sockets_per_address: number(
                    get("limits.sockets_per_address"),
                    "limits.sockets_per_address",
                    defaults.sockets_per_address,
                )?,
                sockets: number(get("limits.sockets"), "limits.sockets", defaults.sockets)?,
                searches_per_second: number(
                    get("limits.searches_per_second"),
                    "limits.searches_per_second",
                    defaults.searches_per_second,
                )?,
                sign_ins_per_minute: number(
                    get("limits.sign_ins_per_minute"),
                    "limits.sign_ins_per_minute",
                    defaults.sign_ins_per_minute,
                )?,
                accreditation: accreditation(get("accreditation_days"), get("reminder_days"))?,
                request_days: request_days(get("request_days"), defaults.request_days)?,
            },
        })
    }

    /// Whether browsers reach us by TLS.
    pub(crate) fn tls(&self) -> bool {
        is_tls(self.public_origin.as_deref())
    }
}

/// Links in a mail lead to an address that people know.
fn mail(mailer: Option<Mailer>, origin: Option<&str>) -> Result<Option<Mailer>, String> {
    if mailer.is_some() && origin.is_none() {
        return Err("public_origin: is needed with mail.host".into());
    }
    Ok(mailer)
}

fn by_provider(values: &BTreeMap<String, String>) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut providers: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (name, value) in values {
        if let Some((id, key)) = of_provider(name) {
            providers.entry(id.to_owned()).or_default().insert(key.to_owned(), value.clone());
        }
    }
    providers
}

/// An address and port.
pub(crate) fn address(key: &str, text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{key}: {text} is not an address and port, as in 127.0.0.1:8080"))
}

fn origin(text: &str) -> Result<String, String> {
    let wrong = || format!("public_origin: {text} is not an origin, as in https://egida.example");
    let parsed = url::Url::parse(text).map_err(|_| wrong())?;
    let clean = parsed.origin().ascii_serialization();
    let bare = matches!(parsed.scheme(), "http" | "https") && text.trim_end_matches('/') == clean;
    if bare { Ok(clean) } else { Err(wrong()) }
}

fn hsts(subdomains: Option<&str>, tls: bool) -> Result<Hsts, String> {
    let wrong = |text| format!("hsts_subdomains: {text} is neither true nor false");
    let below = subdomains.map_or(Ok(false), |text| text.parse().map_err(|_| wrong(text)))?;
    match (tls, below) {
        (true, true) => Ok(Hsts::Subdomains),
        (true, false) => Ok(Hsts::Host),
        (false, true) => Err("public_origin: with hsts_subdomains it must be an address that begins with https".into()),
        (false, false) => Ok(Hsts::None),
    }
}

/// Whether browsers reach this address by TLS.
fn is_tls(origin: Option<&str>) -> bool {
    origin.is_some_and(|origin| origin.starts_with("https://"))
}

fn place(text: Option<&str>, authorities: Option<&str>) -> Result<Option<Place>, String> {
    match (text, authorities) {
        (None, Some(_)) => Err("record_head: is missing beside record_authorities".into()),
        _ => text.map(|text| Place::read(text, authorities.map(Path::new))).transpose(),
    }
}

fn certificate(chain: Option<&str>, key: Option<&str>, origin: Option<&str>) -> Result<Option<Tls>, String> {
    let (chain, key) = match (chain, key) {
        (None, None) => return Ok(None),
        (Some(chain), Some(key)) => (chain, key),
        (Some(_), None) => return Err("tls.key: is missing beside tls.certificate".into()),
        (None, Some(_)) => return Err("tls.certificate: is missing beside tls.key".into()),
    };
    if !is_tls(origin) {
        return Err("public_origin: with tls.certificate it must be an address that begins with https".into());
    }
    Tls::load(Path::new(chain), Path::new(key)).map(Some).map_err(|error| format!("tls: {error}"))
}

fn number<T: std::str::FromStr + PartialOrd + From<u8>>(text: Option<&str>, key: &str, default: T) -> Result<T, String> {
    let Some(text) = text else { return Ok(default) };
    text.parse().ok().filter(|n| *n >= T::from(1)).ok_or_else(|| format!("{key}: {text} is not a whole number from 1 up"))
}

/// For how long a closed request is kept: long enough to look back at it, and not for ever.
fn request_days(text: Option<&str>, default: u32) -> Result<u32, String> {
    let days = number(text, "request_days", default)?;
    if REQUEST_DAYS.contains(&days) {
        return Ok(days);
    }
    Err(format!("request_days: {days} is not between {} and {} days", REQUEST_DAYS.start(), REQUEST_DAYS.end()))
}

/// For how long somebody is let in. Each reminder comes before the next, and all of them after the beginning.
pub(crate) fn accreditation(days: Option<&str>, reminders: Option<&str>) -> Result<Accreditation, String> {
    let defaults = Accreditation::default();
    let days = number(days, "accreditation_days", defaults.days)?;
    if days > Accreditation::DAYS_MAX {
        return Err(format!("accreditation_days: {days} is more than {} days", Accreditation::DAYS_MAX));
    }
    let reminder_days =
        reminders.map_or(Some(defaults.reminder_days), pair).filter(|[first, second]| (1..*first).contains(second));
    let reminder_days = reminder_days.ok_or_else(|| {
        let text = reminders.unwrap_or_default();
        format!("reminder_days: {text} is not two whole numbers of days, the larger first, as in [30, 7]")
    })?;
    let first = reminder_days[0];
    if first >= days {
        return Err(format!("reminder_days: {first} days before its end, an accreditation of {days} days has not begun"));
    }
    Ok(Accreditation { days, reminder_days })
}

fn pair(text: &str) -> Option<[u32; 2]> {
    let (first, second) = text.split_once(',')?;
    Some([first.trim().parse().ok()?, second.trim().parse().ok()?])
}

/// A TOML file as keys with dots.
fn flatten(text: &str) -> Result<BTreeMap<String, String>, String> {
    fn walk(prefix: &str, table: toml::Table, out: &mut BTreeMap<String, String>) {
        for (name, value) in table {
            let name = format!("{prefix}{name}");
            match value {
                toml::Value::Table(inner) => walk(&format!("{name}."), inner, out),
                toml::Value::String(text) => {
                    out.insert(name, text);
                }
                toml::Value::Array(items) => {
                    let items: Vec<_> =
                        items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), Into::into)).collect();
                    out.insert(name, items.join(","));
                }
                other => {
                    out.insert(name, other.to_string());
                }
            }
        }
    }
    let table = text.parse::<toml::Table>().map_err(|error| error.message().to_owned())?;
    let mut out = BTreeMap::new();
    walk("", table, &mut out);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, env: &[(&str, &str)]) -> Result<Config, String> {
        let values = flatten(text)?;
        let file = std::env::temp_dir().join(format!("egida-config-{}.toml", crate::base::secret::token()));
        std::fs::write(&file, text).map_err(|error| error.to_string())?;
        let _ = values;
        let config =
            Config::load(Some(&file), |name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()));
        let _ = std::fs::remove_file(file);
        config
    }

    #[test]
    fn environment_beats_file() {
        let config = load("listen = \"127.0.0.1:1\"\n[limits]\nsockets = 5\n", &[("EGIDA_LISTEN", "127.0.0.1:2")]).expect("good");
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.limits.sockets, 5);
    }

    #[test]
    fn mistakes_name_their_key() {
        for (text, word) in [
            ("lisen = \"x\"", "lisen"),
            ("listen = \"x\"", "listen"),
            ("public_origin = \"egida.example\"", "public_origin"),
            ("public_origin = \"https://egida.example/path\"", "public_origin"),
            ("trusted_proxies = [\"x\"]", "trusted_proxies"),
            ("hsts_subdomains = \"perhaps\"", "hsts_subdomains"),
            ("hsts_subdomains = true", "public_origin"),
            ("[limits]\nsockets = 0", "limits.sockets"),
            ("accreditation_days = 0", "accreditation_days"),
            ("accreditation_days = \"a year\"", "accreditation_days"),
            ("accreditation_days = 4000", "accreditation_days"),
            ("reminder_days = 30", "reminder_days"),
            ("reminder_days = [7, 30]", "reminder_days"),
            ("reminder_days = [30, 0]", "reminder_days"),
            ("reminder_days = [30, 14, 7]", "reminder_days"),
            ("accreditation_days = 30", "reminder_days"),
            ("accreditation_days = 10\nreminder_days = [10, 2]", "reminder_days"),
            ("record_head = \"https://me:secret@notary.example/heads\"", "record_head"),
            ("record_authorities = \"ca.pem\"", "record_head"),
            ("record_head = \"https://notary.example\"\nrecord_authorities = \"/no/ca.pem\"", "record_authorities"),
            ("[translation]\nhosts = [\"translate.example\"]", "translation.url"),
            ("[translation]\nurl = \"https://translate.example\"", "translation.hosts"),
            ("[translation]\nurl = \"http://localhost\"\nhosts = [\"localhost\"]\nmarking = \"AMBER\"", "translation.marking"),
            ("[embeddings]\nhosts = [\"vectors.example\"]", "embeddings.url"),
            ("[embeddings]\nurl = \"https://vectors.example\"", "embeddings.hosts"),
            ("[embeddings]\nurl = \"http://localhost\"\nhosts = [\"localhost\"]", "embeddings.model"),
            ("[mail]\nfrom = \"a@b.example\"", "mail.host"),
            ("[mail]\nhost = \"localhost\"\nfrom = \"a@b.example\"", "public_origin"),
            ("[print]\nchromium = \"/no/chromium\"", "print.chromium"),
            ("[provider.a]\nsecret = \"s\"", "provider.a.secret"),
            ("[provider]\nissuer = \"s\"", "provider.issuer"),
            ("[provider.NAME.x]\nissuer = \"s\"", "provider.NAME.x"),
            ("[provider.a]\nname = \"A\"", "public_origin"),
            ("[tls]\nkey = \"k.pem\"", "tls.certificate"),
            ("[tls]\ncertificate = \"c.pem\"", "tls.key"),
            ("[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"", "public_origin"),
            ("public_origin = \"https://egida.example\"\n[tls]\ncertificate = \"no.pem\"\nkey = \"k.pem\"", "no.pem"),
        ] {
            let error = load(text, &[]).expect_err(text);
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn for_how_long_people_are_let_in() {
        let of = |text: &str, env| load(text, env).expect("good").limits.accreditation;
        let usual = of("", &[]);
        assert_eq!((usual.days, usual.reminder_days), (365, [30, 7]));
        let brief = of("accreditation_days = 10\nreminder_days = [5, 2]", &[("EGIDA_REMINDER_DAYS", "4, 1")]);
        assert_eq!((brief.days, brief.reminder_days), (10, [4, 1]));
    }

    #[test]
    fn an_identity_provider_stands_in_the_file_and_a_variable_may_say_otherwise() {
        let text = "public_origin = \"https://egida.example\"\n[provider.my-ministry]\nname = \"M\"\nissuer = \"ftp://x\"\n\
            client_id = \"egida\"\nclient_secret_file = \"/nowhere\"\ndomains = [\"ministry.example\"]\n";
        let error = load(text, &[]).expect_err("the issuer");
        assert!(error.contains("provider.my-ministry.issuer"), "{error}");
        let error = load(text, &[("EGIDA_PROVIDER_MY_MINISTRY_ISSUER", "http://127.0.0.1:1")]).expect_err("the secret");
        assert!(error.contains("provider.my-ministry.client_secret_file"), "{error}");
    }

    #[test]
    fn every_setting_of_a_provider_is_in_the_reference() {
        let table = reference();
        for key in PROVIDER_KEYS {
            assert!(table.contains(&format!("`provider.NAME.{key}`")), "{key}");
        }
    }

    #[test]
    fn the_reference_tells_the_defaults() {
        let config = Config::load(None, |_| None).expect("good");
        let table = reference();
        assert!(table.contains(&format!("`{}`", config.listen)));
        assert!(table.contains(&format!("| `limits.sockets` | `EGIDA_LIMITS_SOCKETS` | `{}` |", config.limits.sockets)));
    }
}
