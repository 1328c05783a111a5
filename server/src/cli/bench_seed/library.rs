//! A library for the benchmark: practices of all countries, themes, stages and levels, every one in the library.

use serde_json::json;
use uuid::Uuid;

use super::{Dice, word};
use crate::base::clock::{Clock, MINUTE};
use crate::base::db::{Result, Tx};
use crate::base::ids;
use crate::context::Ctx;
use crate::library::{self, ImportedPractice, Shelf, Texts};
use crate::vocabulary::{ALL_COUNTRIES, ALL_THEMES};

const STAGES: [&str; 7] = ["primary", "secondary", "tertiary", "identification", "protection", "prosecution", "partnership"];
const PILLARS: [&str; 4] = ["identification", "support", "inclusion", "justice"];
const AGES: [&str; 6] = ["0-5", "6-9", "10-13", "14-15", "16-17", "adults"];
const SETTINGS: [&str; 5] = ["school", "street", "family", "online", "border"];
const LANGUAGES: [&str; 4] = ["en", "ro", "bg", "sq"];
const MARKINGS: [&str; 4] = ["clear", "green", "green", "amber"];
/// Words of a title and of a field.
const TITLE: usize = 6;
const FIELD: usize = 30;

/// Stores so many practices, each a few minutes younger than the one before.
pub(super) async fn fill(
    tx: &mut Tx,
    ctx: &Ctx,
    people: &[(Uuid, Option<Uuid>)],
    dice: &mut Dice,
    from: usize,
    count: usize,
) -> Result<()> {
    for n in from..from + count {
        let (by, organisation) = people[dice.below(people.len())];
        let at = ctx.now() - i64::try_from(20_000_usize.saturating_sub(n)).unwrap_or_default() * MINUTE;
        let practice = ImportedPractice {
            id: ids::make(Clock::Fixed(at)),
            texts: texts(dice),
            by,
            organisation,
            partners: Vec::new(),
            marking: MARKINGS[dice.below(MARKINGS.len())].into(),
            state: "published".into(),
            reason: None,
            level: 0,
            harm: None,
            reviews: Vec::new(),
            reviewers: Vec::new(),
            parent: None,
            translations: Vec::new(),
            endorsements: Vec::new(),
            uses: Vec::new(),
            at,
        };
        // Its words are those of the vocabulary: nothing to be refused.
        let _ = library::import(tx, ctx, &Shelf::default(), &practice).await?;
    }
    Ok(())
}

fn texts(dice: &mut Dice) -> Texts {
    let mut words = |count: usize| (0..count).map(|_| word(dice.below(5_000))).collect::<Vec<_>>().join(" ");
    let (title, summary, problem, results) = (words(TITLE), words(FIELD / 2), words(FIELD), words(FIELD));
    let mut one = |codes: &[&str]| codes[dice.below(codes.len())].to_owned();
    let (stage, pillar, age, setting, language) = (one(&STAGES), one(&PILLARS), one(&AGES), one(&SETTINGS), one(&LANGUAGES));
    let country = &ALL_COUNTRIES[dice.below(ALL_COUNTRIES.len())].code;
    let themes: Vec<&str> = (0..2).map(|_| ALL_THEMES[dice.below(ALL_THEMES.len())].slug.as_str()).collect();
    let texts = json!({"title": title, "summary": summary, "problem": problem, "results": results, "stage": stage, "pillar": pillar,
        "ages": [age], "settings": [setting], "language": language, "countries": [country], "themes": themes});
    serde_json::from_value(texts).unwrap_or_default()
}
