//! What the server promises to the outside, written down: a change of it is seen in the review.
//!
//! `cargo xtask gen` writes these files again.

use std::fmt::Write;
use std::fs;

use crate::tree::root;

/// Set by `cargo xtask gen`: write instead of compare.
const WRITE: &str = "EGIDA_WRITE_SNAPSHOTS";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn compare(file: &str, now: &str) {
    let path = root().join(file);
    if std::env::var_os(WRITE).is_some() {
        fs::write(&path, now).expect("a writable snapshot");
        return;
    }
    let then = fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, (then, now))) = difference(&then, now) {
        panic!("{file}:{line} is `{then}`, the code says `{now}`; if that is meant, type: cargo xtask gen");
    }
}

/// The first line that differs, with both versions of it.
fn difference<'a>(then: &'a str, now: &'a str) -> Option<(usize, (&'a str, &'a str))> {
    let (mut then, mut now) = (then.trim_end().lines(), now.trim_end().lines());
    for line in 1.. {
        match (then.next(), now.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            (a, b) => return Some((line, (a.unwrap_or("nothing"), b.unwrap_or("nothing")))),
        }
    }
    None
}

/// Method and path of every route, sorted by path, and the types of frames that the socket takes.
fn routes(document: &serde_json::Value, frames: &[&str]) -> String {
    let mut lines = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in METHODS.iter().filter(|method| operations.get(**method).is_some()) {
            lines.push((path.as_str(), method.to_uppercase()));
        }
    }
    lines.sort();
    let mut text = String::new();
    for (path, method) in lines {
        let _ = writeln!(text, "{method} {path}");
    }
    for frame in frames {
        let _ = writeln!(text, "FRAME {frame}");
    }
    text
}

#[test]
fn openapi_is_what_is_written_down() {
    compare("server/openapi.json", &format!("{}\n", egida::openapi_json()));
}

#[test]
fn routes_and_frames_are_those_written_down() {
    let document = serde_json::from_str(&egida::openapi_json()).expect("an OpenAPI document");
    compare("tests/contract/routes.txt", &routes(&document, &egida::frame_types()));
}

#[test]
fn a_difference_is_found_where_it_is() {
    assert_eq!(difference("a\nb\n", "a\nb"), None);
    assert_eq!(difference("a\nb\n", "a\nc\n"), Some((2, ("b", "c"))));
    assert_eq!(difference("a\n", "a\nc\n"), Some((2, ("nothing", "c"))));
    assert_eq!(difference("", "a\n"), Some((1, ("nothing", "a"))));
}

#[test]
fn a_route_is_one_line() {
    let document = serde_json::json!({"paths": {"/b": {"put": {}, "get": {}, "parameters": []}, "/a": {"delete": {}}}});
    assert_eq!(routes(&document, &["post"]), "DELETE /a\nGET /b\nPUT /b\nFRAME post\n");
}
