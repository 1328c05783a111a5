//! `cargo xtask gen`: what is generated from the code, and the proof that it is fresh.

use std::fs;
use std::path::PathBuf;

use crate::run::build_server;
use crate::shell::{self, Outcome, built, cargo, command, output, root};
use crate::{guard, web};

const BEGIN: &str = "<!-- config:begin -->";
const END: &str = "<!-- config:end -->";

pub(crate) fn run(_: &[String]) -> Outcome {
    build_server()?;
    for (file, wanted) in generated()? {
        if fs::read(&file).is_ok_and(|found| found == wanted) {
            continue;
        }
        fs::write(&file, wanted).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("wrote {}", file.strip_prefix(root()).unwrap_or(&file).display());
    }
    // The route list follows from the document just written; the test that holds it can also write it.
    shell::run(cargo("test --quiet --release --workspace --test contract snapshots").env("EGIDA_WRITE_SNAPSHOTS", "1"))
}

/// Fails if a generated file isn't what the code would generate now. The server must have been built.
pub(crate) fn verify() -> Outcome {
    let stale: Vec<_> = generated()?
        .into_iter()
        .filter(|(file, wanted)| fs::read(file).map_or(true, |found| found != *wanted))
        .map(|(file, _)| file.strip_prefix(root()).unwrap_or(&file).display().to_string())
        .collect();
    if stale.is_empty() { Ok(()) } else { Err(format!("stale: {}; type: cargo xtask gen", stale.join(", "))) }
}

/// Each generated file and what it should hold.
fn generated() -> Outcome<Vec<(PathBuf, Vec<u8>)>> {
    let openapi = output(&mut command(built("egida"), ["openapi"]))?;
    let types = types_of(&openapi)?;
    let operating = root().join("docs/operating.md");
    let text = fs::read_to_string(&operating).map_err(|error| format!("{}: {error}", operating.display()))?;
    let reference = output(&mut command(built("egida"), ["config-reference"]))?;
    let text = between_markers(&text, &String::from_utf8_lossy(&reference)).ok_or("docs/operating.md has lost its markers")?;
    Ok(vec![
        (root().join("server/openapi.json"), openapi),
        (web::folder().join("src/api/schema.d.ts"), types),
        (operating, text.into_bytes()),
        (web::folder().join("src/base/guard/twin.jsonl"), guard::twin(guard::KEPT_STRINGS)?),
    ])
}

/// The TypeScript types of an OpenAPI document, by the same generator and the same options as `npm run gen:types`.
fn types_of(openapi: &[u8]) -> Outcome<Vec<u8>> {
    let document = built("openapi.json");
    let types = built("schema.d.ts");
    fs::write(&document, openapi).map_err(|error| format!("{}: {error}", document.display()))?;
    let generator = web::folder().join("node_modules/.bin/openapi-typescript");
    let mut generate = command(generator, [&document]);
    output(generate.current_dir(web::folder()).arg("--output").arg(&types))?;
    fs::read(&types).map_err(|error| format!("{}: {error}", types.display()))
}

fn between_markers(text: &str, inner: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n{END}{after}", inner.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let fresh = format!("a\n{BEGIN}\n| new |\n{END}\nb\n");
        assert_eq!(between_markers(&text, "| new |\n"), Some(fresh.clone()));
        assert_eq!(between_markers(&fresh, "| new |"), Some(fresh));
        assert_eq!(between_markers("nothing", "x"), None);
    }
}
