//! `cargo xtask run`: from a fresh clone to a region one can sign in to.

use crate::demo::{self, Data};
use crate::shell::{self, Outcome, built, cargo, command};
use crate::web;

const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    build_server()?;
    let data = Data::of_environment();
    demo::ensure(&data)?;
    println!("\nEgida is at {}", address(arguments, std::env::var("EGIDA_LISTEN").ok().as_deref()));
    demo::print_accounts(&data)?;
    println!("Ctrl+C stops the server; {} holds what was written. Remove it to begin anew.\n", data.folder().display());
    let mut serve = command(built("egida"), ["--data"]);
    shell::become_program(serve.arg(data.folder()).arg("serve").args(arguments))
}

/// The user interface first: the server embeds it when it is compiled.
pub(crate) fn build_server() -> Outcome {
    web::ensure()?;
    // The whole workspace is selected, so that the features of the dependencies are those of the tests and the
    // benchmark: each is then compiled once. Only this program is built.
    shell::run(&mut cargo("build --release --workspace --bin egida"))
}

/// Where the server will be found, as far as the command line says it.
fn address(arguments: &[String], environment: Option<&str>) -> String {
    let mut words = arguments.iter();
    let mut listen = environment.unwrap_or(DEFAULT_LISTEN).to_owned();
    while let Some(word) = words.next() {
        if let Some(value) = word.strip_prefix("--listen=") {
            value.clone_into(&mut listen);
        } else if word == "--listen" {
            words.as_slice().first().unwrap_or(word).clone_into(&mut listen);
        }
    }
    if listen.ends_with(":0") { "the address below".into() } else { format!("http://{listen}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_the_server_will_take() {
        let words = |text: &str| text.split_whitespace().map(Into::into).collect::<Vec<String>>();
        assert_eq!(address(&[], None), "http://127.0.0.1:8080");
        assert_eq!(address(&[], Some("127.0.0.1:9000")), "http://127.0.0.1:9000");
        assert_eq!(address(&words("--listen 127.0.0.1:9001"), Some("127.0.0.1:9000")), "http://127.0.0.1:9001");
        assert_eq!(address(&words("--config x.toml --listen=[::1]:9002"), None), "http://[::1]:9002");
        assert_eq!(address(&words("--listen 127.0.0.1:0"), None), "the address below");
    }
}
