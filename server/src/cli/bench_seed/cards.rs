//! File cards for the benchmark: sealed, of all organisations, spread over routes, forms and years. They count as compared.

use std::ops::Range;

use serde_json::json;
use uuid::Uuid;

use super::Dice;
use crate::base::clock::{Clock, MINUTE};
use crate::base::db::{Result, Tx};
use crate::base::ids;
use crate::context::Ctx;
use crate::deconfliction::{self, ImportedCard};
use crate::vocabulary::ALL_COUNTRIES;

const FORMS: [&str; 6] =
    ["sexual_exploitation", "forced_labour", "forced_begging", "forced_criminality", "forced_marriage", "on_the_route"];
const WAYS: [&str; 6] = ["family", "partner", "acquaintance", "job_offer", "online", "smuggler"];
const MEANS: [&str; 8] =
    ["debt_bondage", "takes_earnings", "threats", "violence", "psychological", "false_promises", "confinement", "isolation"];

/// Stores cards of these numbers.
pub(super) async fn fill(tx: &mut Tx, ctx: &Ctx, owners: &[(Uuid, Uuid)], numbers: Range<usize>) -> Result<()> {
    let mut dice = Dice(0xca2d + u64::try_from(numbers.start).unwrap_or(0));
    for number in numbers {
        let mut one = |codes: &[&str]| codes[dice.below(codes.len())].to_owned();
        let (form, way, means) = (one(&FORMS), one(&WAYS), [one(&MEANS), one(&MEANS), one(&MEANS)]);
        let (origin, destination) = (dice.below(ALL_COUNTRIES.len()), dice.below(ALL_COUNTRIES.len()));
        let year = 2022 + dice.below(3);
        let owner = owners[dice.below(owners.len())];
        let card = json!({"visibility": "sealed", "stage": "judicial", "exploitation": [form], "recruitment": [way], "control": means,
            "origin": [ALL_COUNTRIES[origin].code], "destination": [ALL_COUNTRIES[destination].code],
            "from": format!("{year}-Q{}", 1 + dice.below(4)), "to": format!("{}-Q4", year), "marking": "amber", "grading": "B2"});
        let at = ctx.now() - i64::try_from(60_000_usize.saturating_sub(number)).unwrap_or_default() * MINUTE;
        if let Ok(card) = serde_json::from_value::<ImportedCard>(card) {
            // Its codes are those of the lists: nothing to be refused.
            let _ = deconfliction::import_card(tx, ctx, ids::make(Clock::Fixed(at)), card, owner, at, true).await?;
        }
    }
    Ok(())
}
