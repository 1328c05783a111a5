//! What the labels of handling say to whoever reads them outside of the page: the sentences of its catalogues.

use std::sync::LazyLock;

use serde_json::Value;

use super::Words;

const EN: &str = include_str!("../../../web/messages/en.json");
const FR: &str = include_str!("../../../web/messages/fr.json");

/// What is stamped on information that may not be used in judicial proceedings without permission (Europol, H1).
pub static H1_STAMP: LazyLock<Words> = LazyLock::new(|| sentence("handling_h1"));

fn sentence(key: &str) -> Words {
    let of = |catalogue| {
        let texts = serde_json::from_str::<Value>(catalogue).unwrap_or_default();
        texts[key].as_str().unwrap_or_default().to_owned()
    };
    Words::new(of(EN), of(FR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_has_words_in_each_language() {
        assert!(H1_STAMP.en.contains("judicial") && H1_STAMP.fr.contains("judiciaire"), "{:?}", *H1_STAMP);
    }
}
