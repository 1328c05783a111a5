//! `cargo xtask fuzz`: schemathesis asks the running server everything that its contract allows and much that it doesn't,
//! as nobody and as people of the demo region. It needs Python and, the first time, the network; so it isn't part of
//! `cargo xtask test`.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::json::Json;
use crate::run::build_server;
use crate::shell::{Outcome, built, command, output, root, run as run_command};

/// What is installed, pinned.
const REQUIREMENTS: &str = "tests/fuzz/requirements.txt";
const HOOKS: &str = "tests/fuzz/hooks.py";
/// Whom it asks as: nobody, and demo people with more and more powers. Those with powers hold a second factor.
const PEOPLE: [Option<&str>; 5] = [None, Some("member.ro"), Some("moderator.ro"), Some("auditor.region"), Some("admin")];
/// What would end the session that is asked with. A new one of somebody who holds a second factor waits for their app's
/// next code, so only the member, who holds none, asks this.
const ENDS_SESSIONS: [&str; 5] = [
    "DELETE /api/session",
    "DELETE /api/sessions",
    "DELETE /api/sessions/{id}",
    "DELETE /api/me/authenticator",
    "PUT /api/people/{id}/departure",
];
/// What is looked at in every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
    response_headers_conformance,negative_data_rejection,missing_required_header,allow_header_conformance,\
    use_after_free,ensure_resource_availability,ignored_auth";
/// Requests made up for each route and phase, when nothing else is asked for.
const EXAMPLES: &str = "50";
const STARTS_WITHIN: Duration = Duration::from_secs(20);

pub(crate) fn run(arguments: &[String]) -> Outcome {
    build_server()?;
    let schemathesis = install()?;
    let mut failed = Vec::new();
    for person in PEOPLE {
        let name = person.unwrap_or("nobody");
        println!("\n── as {name}");
        if let Err(reason) = ask_as(&schemathesis, person, arguments) {
            eprintln!("{name}: {reason}");
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("schemathesis found something, asked as: {}", failed.join(", "))) }
}

fn folder() -> PathBuf {
    root().join("target/fuzz")
}

/// A Python environment of its own with what `requirements.txt` pins; the program in it.
fn install() -> Outcome<PathBuf> {
    let environment = folder().join("venv");
    let python = environment.join("bin/python");
    let by_hand = |why: String| {
        format!(
            "{why}\nPython 3.10 or newer with venv is needed; type: python3 -m venv {0} && {0}/bin/pip install -r {REQUIREMENTS}",
            environment.display()
        )
    };
    if !python.exists() {
        run_command(command("python3", ["-m", "venv"]).arg(&environment)).map_err(by_hand)?;
    }
    let quietly = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    run_command(&mut command(python, quietly)).map_err(by_hand)?;
    Ok(environment.join("bin/schemathesis"))
}

/// A server on a region of its own, ended with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ask_as(schemathesis: &Path, person: Option<&str>, arguments: &[String]) -> Outcome {
    let failed = |error: std::io::Error| error.to_string();
    let data = folder().join("region");
    for old in ["region", "region.factor-key", "region.record-key"].map(|name| folder().join(name)) {
        let removed = if old.is_dir() { fs::remove_dir_all(&old) } else { fs::remove_file(&old) };
        removed.or_else(|error| if old.exists() { Err(error) } else { Ok(()) }).map_err(failed)?;
    }
    let demo = output(command(built("egida"), ["--data"]).arg(&data).args(["demo", "--json", "--strict"]))?;
    let demo = Json::parse(&String::from_utf8_lossy(&demo)).ok_or("the demo told of nobody")?;
    let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(failed)?;
    let log = fs::File::create(folder().join("server.log")).map_err(failed)?;
    let mut serve = command(built("egida"), ["--data"]);
    serve.arg(&data).args(["serve", "--listen", &address.to_string()]);
    // Whoever asks this much would meet nothing but the limits. 429 itself is met by nobody's sign-ins.
    serve.env("EGIDA_LIMITS_SEARCHES_PER_SECOND", "1000");
    if person.is_some() {
        serve.env("EGIDA_LIMITS_SIGN_INS_PER_MINUTE", "1000");
    }
    let _served = Served(serve.stdout(log.try_clone().map_err(failed)?).stderr(log).spawn().map_err(failed)?);
    let began = Instant::now();
    while TcpStream::connect(address).is_err() {
        if began.elapsed() > STARTS_WITHIN {
            return Err(format!("the server did not start; see {}", folder().join("server.log").display()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let origin = format!("http://{address}");
    let mut ask = command(schemathesis, ["run"]);
    // It leaves a folder where it is run.
    ask.current_dir(folder());
    ask.arg(format!("{origin}/api/openapi.json"));
    ask.args(["--checks", CHECKS, "--max-examples", EXAMPLES, "--generation-database", "none", "--continue-on-failure"]);
    ask.args(["--warnings", "off"]);
    ask.env("SCHEMATHESIS_HOOKS", root().join(HOOKS)).env("PYTHONDONTWRITEBYTECODE", "1").env("EGIDA_FUZZ_ORIGIN", &origin);
    if let Some(handle) = person {
        sign_in(&mut ask, &demo, handle)?;
    }
    run_command(ask.args(arguments))
}

/// Tells the hooks who asks.
fn sign_in(ask: &mut Command, demo: &Json, handle: &str) -> Outcome {
    let is_wanted = |account: &&Json| account.get("email").text().is_some_and(|email| email.split('@').next() == Some(handle));
    let account = demo.get("accounts").items().iter().find(is_wanted).ok_or_else(|| format!("the demo has no {handle}"))?;
    let password = account.get("password").text().or_else(|| demo.get("password").text()).unwrap_or_default();
    ask.env("EGIDA_FUZZ_EMAIL", account.get("email").text().unwrap_or_default()).env("EGIDA_FUZZ_PASSWORD", password);
    if let Some(secret) = account.get("authenticator").text() {
        ask.env("EGIDA_FUZZ_SECRET", secret);
        for name in ENDS_SESSIONS {
            ask.args(["--exclude-name", name]);
        }
    }
    Ok(())
}
