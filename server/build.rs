//! Builds again when the embedded UI has changed, also when it appears for the first time.

fn main() {
    println!("cargo:rerun-if-changed=../web/dist");
    println!("cargo:rerun-if-changed=../migrations");
}
