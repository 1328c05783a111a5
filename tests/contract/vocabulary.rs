//! The tables of the vocabulary are copies: where the originals stand beside the checkout, both must be the same.

use std::fs;

use crate::tree::root;

#[test]
fn the_copies_are_true() {
    let originals = root().join("../shared/vocabulary");
    let tables = ["server/vocabulary", "guard/data"].map(|folder| fs::read_dir(root().join(folder)).expect("the vocabulary"));
    for entry in tables.into_iter().flatten().flatten() {
        let Ok(original) = fs::read(originals.join(entry.file_name())) else { continue };
        let copy = fs::read(entry.path()).expect("a readable table");
        assert!(copy == original, "{} differs from its original", entry.path().display());
    }
}
