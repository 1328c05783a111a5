//! What may be set: every key with its meaning, and the reference that is made of them.

use crate::identity::PROVIDER_KEYS;

/// Where identity providers are set, each below a name of its own.
pub(super) const PROVIDER: &str = "provider.";

/// A setting: its key in the file, what it means, its default in words. Its variable is `EGIDA_` and the key in capitals.
pub(super) struct Key {
    pub(super) name: &'static str,
    default: &'static str,
    meaning: &'static str,
}

pub(super) const KEYS: [Key; 53] = [
    Key { name: "listen", default: "127.0.0.1:8080", meaning: "Address and port to listen on." },
    Key {
        name: "public_origin",
        default: "none",
        meaning: "The address people type, e.g. `https://egida.example`. With `https` cookies are `Secure` and get the `__Host-` prefix. Without it the address a request was sent to counts, by plain HTTP.",
    },
    Key {
        name: "hsts_subdomains",
        default: "false",
        meaning: "`true`: with a `public_origin` of `https`, browsers use TLS for every name below the host as well, for a year (`includeSubDomains`). Only where all of them speak it.",
    },
    Key {
        name: "trusted_proxies",
        default: "none",
        meaning: "Addresses of reverse proxies, separated by commas, whose last `X-Forwarded-For` entry names the client.",
    },
    Key {
        name: "factor_key",
        default: "beside the data folder",
        meaning: "File of the key that seals the secrets of authenticator apps and the keys of files. Made when it is missing; kept outside the data folder and apart from its backups.",
    },
    Key {
        name: "tls.certificate",
        default: "none",
        meaning: "Certificate chain (PEM), for a server without a proxy before it: it then speaks TLS 1.2 and 1.3 itself. Needs `tls.key` and a `public_origin` with `https`. Read at the start: restart after a renewal.",
    },
    Key { name: "tls.key", default: "none", meaning: "The certificate's private key (PEM)." },
    Key {
        name: "log",
        default: "info",
        meaning: "What is logged: `error`, `warn`, `info`, `debug`, or a filter as `tracing-subscriber` reads it.",
    },
    Key {
        name: "record_head",
        default: "none",
        meaning: "Where the signed head of the record goes every hour, off this machine: a file, such as one on a share, or an `https://` or `http://` URL that takes a line of JSON by POST.",
    },
    Key {
        name: "record_authorities",
        default: "those of the machine",
        meaning: "Certificates (PEM) of the authorities to be trusted for a `record_head` by `https`, in place of those that the machine trusts.",
    },
    Key {
        name: "record_key",
        default: "DATA.record-key",
        meaning: "The file of the key that signs the record's head, made at the first start. Beside the data folder, never inside it.",
    },
    Key {
        name: "erasures",
        default: "DATA.erasures",
        meaning: "The journal of what was erased: ids, when and why a message was taken back, no words. What a restored backup brings back is erased again by it. Beside the data folder, never inside it.",
    },
    Key {
        name: "provider.NAME.name",
        default: "needed",
        meaning: "An institution's identity provider, as the sign-in page calls it. `NAME`, in addresses, is yours to choose: lower-case letters, digits, hyphens. It must stand in the file; a variable may then say otherwise. See [Signing in through an institution](#signing-in-through-an-institution).",
    },
    Key {
        name: "provider.NAME.issuer",
        default: "needed",
        meaning: "The provider's issuer, to the letter: `https`, or `http` on this very machine.",
    },
    Key { name: "provider.NAME.client_id", default: "needed", meaning: "The name that Egida has there." },
    Key { name: "provider.NAME.client_secret_file", default: "needed", meaning: "File of the secret that Egida has there." },
    Key {
        name: "provider.NAME.domains",
        default: "needed",
        meaning: "Domains of e-mail addresses that the provider may speak for, those below them not included.",
    },
    Key {
        name: "provider.NAME.authoritative",
        default: "false",
        meaning: "Whether an address counts that comes without `email_verified`: only where the institution itself hands out the addresses of all these domains, and nobody can choose their own.",
    },
    Key {
        name: "provider.NAME.second_factor",
        default: "none",
        meaning: "Values of `amr` or `acr` that stand for a second factor shown there, such as `mfa`. Without it Egida asks for its own.",
    },
    Key {
        name: "provider.NAME.authorities",
        default: "those of the machine",
        meaning: "Certificates (PEM) of the authorities to be trusted for this provider, in place of those that the machine trusts.",
    },
    Key {
        name: "accreditation_days",
        default: "365",
        meaning: "How many days an accreditation lasts, from when a second person has confirmed who somebody is: 1 to 3650. A change counts for what is confirmed after it. In days, since a month is no fixed time. `egida account create` reads the variable.",
    },
    Key {
        name: "reminder_days",
        default: "30, 7",
        meaning: "Two numbers of days before the end of an accreditation, the larger first and below `accreditation_days`. From the first on its holder is reminded, and those who may renew it find it in their list; from the second on the reminder is urgent.",
    },
    Key {
        name: "request_days",
        default: "1095",
        meaning: "How many days a coordination request is kept after it was closed: 30 to 3650. Then it is erased with all that was said in it; the figures count it no more.",
    },
    Key {
        name: "translation.url",
        default: "none",
        meaning: "A service that translates messages on demand (LibreTranslate's shape: `POST URL/translate`), by `https`, or by `http` on this very machine. Off without it. With it, words leave for that host: see [Translating messages](#translating-messages).",
    },
    Key {
        name: "translation.hosts",
        default: "needed with `translation.url`",
        meaning: "Hosts that messages may leave for. That of `translation.url` must be among them.",
    },
    Key { name: "translation.key_file", default: "none", meaning: "File of the key that the service asks for (`api_key`)." },
    Key {
        name: "translation.marking",
        default: "CLEAR",
        meaning: "The strictest marking that may leave for the service: `CLEAR` or `GREEN`. Nothing stricter ever does, nor what has a handling code or a content warning.",
    },
    Key {
        name: "translation.languages",
        default: "en, fr, sq, bs, hr, sr, bg, mk, ro, el",
        meaning: "Codes of the languages that people may ask for: name those that the service has.",
    },
    Key {
        name: "translation.authorities",
        default: "those of the machine",
        meaning: "Certificates (PEM) of the authorities to be trusted for the service, in place of those that the machine trusts.",
    },
    Key {
        name: "embeddings.url",
        default: "none",
        meaning: "A service that makes vectors of texts, for the search by meaning (OpenAI's shape: `POST URL/v1/embeddings`), by `https`, or by `http` on this very machine. Off without it. With it, words leave for that host: see [Searching by meaning](#searching-by-meaning).",
    },
    Key {
        name: "embeddings.hosts",
        default: "needed with `embeddings.url`",
        meaning: "Hosts that messages and queries may leave for. That of `embeddings.url` must be among them.",
    },
    Key {
        name: "embeddings.model",
        default: "needed with `embeddings.url`",
        meaning: "The model, as the service calls it. With another one all vectors are made anew.",
    },
    Key {
        name: "embeddings.query_model",
        default: "that of `embeddings.model`",
        meaning: "What the service calls the model when a query is to be read, where it has a name of its own for that.",
    },
    Key {
        name: "embeddings.key_file",
        default: "none",
        meaning: "File of the key that the service asks for (`Authorization: Bearer`).",
    },
    Key {
        name: "embeddings.marking",
        default: "CLEAR",
        meaning: "The strictest marking that may leave for the service: `CLEAR` or `GREEN`. Nothing stricter ever does, nor what has a handling code or a content warning or stands in a direct channel.",
    },
    Key {
        name: "embeddings.authorities",
        default: "those of the machine",
        meaning: "Certificates (PEM) of the authorities to be trusted for the service, in place of those that the machine trusts.",
    },
    Key {
        name: "mail.host",
        default: "none",
        meaning: "The mail server that takes the newsletter to those who have subscribed. Off without it. Needs `public_origin`, where the links in mails lead. See [The newsletter](#the-newsletter).",
    },
    Key { name: "mail.port", default: "587, 465 or 25, by `mail.tls`", meaning: "The mail server's port." },
    Key {
        name: "mail.tls",
        default: "starttls",
        meaning: "`starttls`, `tls` from the start, or `none`: that only on this very machine.",
    },
    Key { name: "mail.user", default: "none", meaning: "The name that Egida has there." },
    Key { name: "mail.password_file", default: "needed with `mail.user`", meaning: "File of the password that Egida has there." },
    Key { name: "mail.from", default: "needed with `mail.host`", meaning: "The sender, as in `Egida <news@egida.example>`." },
    Key {
        name: "print.chromium",
        default: "none",
        meaning: "A Chromium that makes PDFs of released newsletters, e.g. `/usr/bin/chromium`. It runs as a child of the server, without a network. Without it readers use their own browser's print.",
    },
    Key {
        name: "print.sandbox",
        default: "true",
        meaning: "`false` where Chromium's own sandbox can't start, such as in a container. It is handed nothing but pages of ours.",
    },
    Key { name: "limits.frames_per_second", default: "20", meaning: "Frames a socket may send each second." },
    Key { name: "limits.frames_burst", default: "60", meaning: "Frames a socket may send at once." },
    Key {
        name: "limits.posts_per_second",
        default: "200",
        meaning: "Messages an account may post by HTTP each second, over all of its sessions and tokens.",
    },
    Key { name: "limits.posts_burst", default: "2000", meaning: "Messages an account may post by HTTP at once." },
    Key { name: "limits.sockets_per_account", default: "8", meaning: "Windows of one person; one more closes the oldest." },
    Key { name: "limits.sockets_per_address", default: "64", meaning: "Sockets from one network address." },
    Key { name: "limits.sockets", default: "12000", meaning: "Sockets in all." },
    Key { name: "limits.searches_per_second", default: "1", meaning: "Searches a person may ask for each second." },
    Key {
        name: "limits.sign_ins_per_minute",
        default: "10",
        meaning: "Failed sign-ins for one account from one network (/24, /56) each minute; six times as many attempts from one address, twenty times as many failures for one account from everywhere.",
    },
];

/// Whether there is such a key.
pub(super) fn is_setting(name: &str) -> bool {
    match of_provider(name) {
        Some((_, key)) => PROVIDER_KEYS.contains(&key),
        None => KEYS.iter().any(|key| key.name == name && !name.starts_with(PROVIDER)),
    }
}

/// Name and key, if something is set for an identity provider.
pub(super) fn of_provider(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix(PROVIDER)?.rsplit_once('.')
}

/// The variable of a key.
pub(super) fn variable(name: &str) -> String {
    format!("EGIDA_{}", name.replace(['.', '-'], "_").to_uppercase())
}

/// The reference of all settings as a Markdown table, for `docs/operating.md`.
pub(crate) fn reference() -> String {
    use std::fmt::Write;
    let mut out = String::from("| setting | variable | default | meaning |\n| --- | --- | --- | --- |\n");
    for key in &KEYS {
        let _ = writeln!(out, "| `{}` | `{}` | `{}` | {} |", key.name, variable(key.name), key.default, key.meaning);
    }
    out
}
