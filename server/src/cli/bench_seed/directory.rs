//! A directory for the benchmark: every account says what it can help with, every fifth answers for an organisation.

use uuid::Uuid;

use super::Dice;
use crate::base::clock::DAY;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::directory::{self, ImportedEntry, ImportedOrganisation};
use crate::vocabulary::{ALL_COUNTRIES, ALL_KINDS, ALL_LANGUAGES, ALL_TOPICS};

/// Accounts of an organisation.
const STAFF: usize = 5;
/// Topics and languages of an entry.
const TOPICS: usize = 4;
const LANGUAGES: usize = 3;

/// The name of the organisation that an account works in.
pub(super) fn organisation(account: usize) -> String {
    format!("Centre {}", account / STAFF)
}

/// The country of an account and of its organisation.
pub(super) fn country(account: usize) -> Option<String> {
    // One organisation in twelve serves the whole region.
    ALL_COUNTRIES.get(account / STAFF % (ALL_COUNTRIES.len() + 1)).map(|country| country.code.clone())
}

/// Fills the directory for accounts that exist, in this order.
pub(super) async fn fill(tx: &mut Tx, ctx: &Ctx, accounts: &[Uuid]) -> Result<()> {
    let mut dice = Dice(0xd1ce);
    let now = ctx.now();
    for (n, staff) in accounts.chunks(STAFF).enumerate() {
        let first = n * STAFF;
        let made = ImportedOrganisation {
            name: organisation(first),
            short_name: None,
            kind: ALL_KINDS[dice.below(ALL_KINDS.len())].code.clone(),
            country: country(first),
            host: None,
            description: Some("Made up for the benchmark.".into()),
            topics: topics(&mut dice),
            languages: languages(&mut dice),
        };
        let made = directory::import_organisation(tx, ctx, made, None).await?;
        for account in staff {
            directory::settle(tx, ctx, *account, None).await?;
            let said = ImportedEntry {
                topics: topics(&mut dice),
                languages: languages(&mut dice),
                offer: Some("What a colleague abroad would not guess".into()),
                availability: None,
            };
            let age = i64::try_from(dice.below(400)).unwrap_or_default() * DAY;
            // The words are those of the vocabulary: nothing to be refused.
            let _ = directory::import_entry(tx, *account, said, now - age).await?;
        }
        if let (Ok(organisation), Some(account)) = (made, staff.first()) {
            directory::name_focal_point(tx, ctx, organisation, *account, None, None).await?;
        }
    }
    Ok(())
}

fn topics(dice: &mut Dice) -> Vec<String> {
    (0..TOPICS).map(|_| ALL_TOPICS[dice.below(ALL_TOPICS.len())].to_owned()).collect()
}

fn languages(dice: &mut Dice) -> Vec<String> {
    (0..LANGUAGES).map(|_| ALL_LANGUAGES[dice.below(ALL_LANGUAGES.len())].code.clone()).collect()
}
