//! Campaigns for the benchmark: two thirds over, the others on their way, a few of them for their own people alone.

use uuid::Uuid;

use super::{Dice, word};
use crate::base::clock::{DAY, HOUR};
use crate::base::db::{Result, Tx};
use crate::campaigns::{self, ImportedCampaign, ImportedIndicator, ImportedMaterial, ImportedPretest, ImportedTies};
use crate::context::Ctx;
use crate::vocabulary::{ALL_COUNTRIES, ALL_THEMES};

/// Words of a text.
const WORDS: usize = 40;
const STATES: [&str; 18] = [
    "idea",
    "planned",
    "approved",
    "pretested",
    "running",
    "paused",
    "ended",
    "evaluated",
    "archived",
    "archived",
    "archived",
    "archived",
    "archived",
    "archived",
    "evaluated",
    "evaluated",
    "ended",
    "running",
];
const MARKINGS: [&str; 8] = ["green", "green", "green", "green", "clear", "clear", "amber", "amber+strict"];
const AGES: [&str; 6] = ["0-5", "6-9", "10-13", "14-15", "16-17", "adults"];
const SETTINGS: [&str; 5] = ["school", "street", "family", "online", "community"];

/// Plans so many campaigns, with these accounts and organisations of theirs.
pub(super) async fn fill(tx: &mut Tx, ctx: &Ctx, accounts: &[(Uuid, Option<Uuid>)], range: std::ops::Range<usize>) -> Result<()> {
    for n in range {
        let mut dice = Dice(0xca30_0000 + u64::try_from(n).unwrap_or_default());
        for _ in 0..8 {
            dice.next();
        }
        let said = invent(&mut dice, n);
        let ties = ties(ctx, &mut dice, accounts, &said.state);
        if let Err(code) = campaigns::import_campaign(tx, ctx, said, ties).await? {
            tracing::warn!(code, "a campaign of the benchmark is refused");
        }
    }
    Ok(())
}

fn text(dice: &mut Dice, words: usize) -> String {
    (0..words).map(|_| word(dice.below(100) * dice.below(100))).collect::<Vec<_>>().join(" ")
}

fn invent(dice: &mut Dice, n: usize) -> ImportedCampaign {
    let some = |dice: &mut Dice, of: &[&str]| vec![of[dice.below(of.len())].to_owned()];
    let countries: Vec<String> =
        (0..=dice.below(2)).map(|_| ALL_COUNTRIES[dice.below(ALL_COUNTRIES.len())].code.clone()).collect();
    let indicator = |kind: &str| ImportedIndicator {
        kind: kind.into(),
        unit: "people".into(),
        baseline: None,
        target: Some(100.0),
        actual: Some(80.0),
        series: None,
    };
    ImportedCampaign {
        language: "en".into(),
        title: format!("Campaign {n}: {}", text(dice, 4)),
        theme: ALL_THEMES[dice.below(ALL_THEMES.len())].slug.clone(),
        aim: "inform".into(),
        countries,
        evidence: text(dice, WORDS),
        ages: some(dice, &AGES),
        settings: some(dice, &SETTINGS),
        languages: vec!["en".into()],
        messages: vec![text(dice, 12), text(dice, 12)],
        call_to_action: text(dice, 12),
        helpline: Some("116111".into()),
        messengers: text(dice, 12),
        safeguarding: text(dice, 12),
        pretest: Some(ImportedPretest { people: 20, understood: 80, changed: text(dice, 12) }),
        materials: vec![ImportedMaterial {
            title: text(dice, 4),
            languages: vec!["en".into()],
            licence: "cc-by".into(),
            approved: true,
        }],
        indicators: vec![indicator("reach"), indicator("harm_stigma")],
        state: STATES[dice.below(STATES.len())].into(),
        results: Some(text(dice, WORDS)),
        marking: MARKINGS[dice.below(MARKINGS.len())].into(),
        ..ImportedCampaign::default()
    }
}

/// What is over lies in the last three years, what is on its way around today.
fn ties(ctx: &Ctx, dice: &mut Dice, accounts: &[(Uuid, Option<Uuid>)], state: &str) -> ImportedTies {
    let today = ctx.now().div_euclid(DAY);
    let over = matches!(state, "ended" | "evaluated" | "archived");
    let back = i64::try_from(if over { 60 + dice.below(1_000) } else { dice.below(150) }).unwrap_or_default();
    let first = if over { today - back } else { today - 40 + back };
    let length = i64::try_from(20 + dice.below(60)).unwrap_or_default();
    let (by, organisation) = accounts[dice.below(accounts.len())];
    let (other, partner) = accounts[dice.below(accounts.len())];
    ImportedTies {
        by,
        organisation,
        partners: partner.into_iter().collect(),
        people: vec![other],
        approver: other,
        capacity: None,
        practice: None,
        days: Some((first, first + length)),
        at: ((first - 60) * DAY, (first * DAY).min(ctx.now()) - HOUR * i64::try_from(dice.below(500)).unwrap_or_default()),
    }
}
