//! The commands of this repository: `cargo xtask help` lists them.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to people")]

mod bench;
mod check;
mod demo;
mod deny;
mod dev;
mod fuzz;
mod generate;
mod guard;
mod json;
mod mutants;
mod nightly;
mod run;
mod shell;
mod steps;
mod test;
mod tools;
mod web;

use std::process::ExitCode;

use shell::Outcome;

type Command = (&'static str, &'static str, fn(&[String]) -> Outcome);

const COMMANDS: [Command; 11] = [
    ("run", "build what is missing and serve the demo region; further arguments go to `egida serve`", run::run),
    ("dev", "the server and the web development server together", dev::run),
    ("check", "the fast half of the tests: format, lints, types, architecture, contracts", check::run),
    ("test", "everything that continuous integration runs", test::run),
    (
        "gen",
        "write again what is generated from the code: OpenAPI, TypeScript types, configuration reference, lines of the guard",
        generate::run,
    ),
    ("bench", "build for release and run the benchmark; further arguments go to it", bench::run),
    ("fuzz", "schemathesis against the running server; further arguments go to it", fuzz::run),
    ("mutants", "turns the rules of access round, one condition at a time: some test must notice", mutants::run),
    ("deny", "licences, known holes and sources of all crates", deny::run),
    ("nightly", "what takes long or needs the network: 50 kills of the server, fuzz, mutants, deny", nightly::run),
    ("help", "this list", help),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let name = arguments.first().map_or("help", String::as_str);
    let name = if matches!(name, "-h" | "--help") { "help" } else { name };
    let Some((_, _, command)) = COMMANDS.iter().find(|(known, ..)| *known == name) else {
        eprintln!("there is no command `{name}`\n\n{}", list());
        return ExitCode::from(2);
    };
    match command(arguments.get(1..).unwrap_or_default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "has the shape of every command")]
fn help(_: &[String]) -> Outcome {
    println!("{}", list());
    Ok(())
}

fn list() -> String {
    let lines: Vec<_> = COMMANDS.iter().map(|(name, what, _)| format!("  cargo xtask {name:<7} {what}")).collect();
    lines.join("\n")
}
