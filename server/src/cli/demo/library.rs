//! The demo's library: practices of all countries in every state, with what has become of them.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Failure, People, Texts, read};
use crate::base::clock::{Clock, DAY};
use crate::base::{db, ids};
use crate::context::Ctx;
use crate::directory;
use crate::library::{self, ImportedPractice, ImportedReview, ImportedTranslation, ImportedUse, Shelf};
use crate::vocabulary::ALL_COUNTRIES;

/// Who reviews what waits for reviewers, so that they find something to do: handles that begin so.
const REVIEWERS: &str = "member.";
/// Reviewers of a practice.
const BY_TWO: usize = 2;

#[derive(Deserialize)]
struct Practice {
    key: String,
    by: String,
    lead: String,
    partners: Vec<String>,
    level: u8,
    harm: Option<String>,
    marking: String,
    state: String,
    withdrawn_because: Option<String>,
    days_ago: i64,
    reviews: Vec<Review>,
    adapts: Option<String>,
    translations: Vec<Translation>,
    endorsements: Vec<String>,
    used: Vec<Use>,
    #[serde(flatten)]
    texts: library::Texts,
}

#[derive(Deserialize)]
struct Review {
    by: String,
    level: u8,
    note: String,
}

#[derive(Deserialize)]
struct Translation {
    language: String,
    state: String,
    #[serde(flatten)]
    fields: Value,
}

#[derive(Deserialize)]
struct Use {
    by: String,
    country: String,
    note: String,
}

/// Puts the practices into the library, those that are adapted before those that adapt them: their ids by their keys.
pub(super) async fn fill(ctx: &Ctx, people: &People) -> Result<HashMap<String, Uuid>, Failure> {
    let names = Texts::iter().filter(|name| name.starts_with("practices"));
    let mut waiting: Vec<Practice> =
        names.map(|name| read::<Vec<Practice>>(&name)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let mut known: HashMap<String, Uuid> = HashMap::new();
    while !waiting.is_empty() {
        let ready = |practice: &Practice| practice.adapts.as_ref().is_none_or(|key| known.contains_key(key));
        let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(ready);
        let Some(_) = now.first() else {
            let key = later.first().map(|practice| practice.key.clone()).unwrap_or_default();
            return Err(Failure::new(format!("the demo's practice {key} adapts one that isn't there")));
        };
        waiting = later;
        for practice in now {
            let key = practice.key.clone();
            let id = put(ctx, people, practice, &known).await?;
            known.insert(key, id);
        }
    }
    Ok(known)
}

async fn put(ctx: &Ctx, people: &People, practice: Practice, known: &HashMap<String, Uuid>) -> Result<Uuid, Failure> {
    let key = practice.key.clone();
    let refused = |why: &str| Failure::new(format!("the demo's practice {key}: {why}"));
    let who = |handle: &str| people.get(handle).map(|(id, _)| *id).ok_or_else(|| refused(&format!("{handle} is nobody")));
    let organisation = locate(ctx, &practice.lead).await?.ok_or_else(|| refused("its organisation isn't there"))?;
    let mut partners = Vec::new();
    for name in &practice.partners {
        partners.extend(locate(ctx, name).await?.filter(|id| *id != organisation));
    }
    let by = who(&practice.by)?;
    let reviews = practice
        .reviews
        .iter()
        .map(|review| Ok(ImportedReview { by: who(&review.by)?, level: review.level, note: review.note.clone() }));
    let reviews = reviews.collect::<Result<Vec<_>, Failure>>()?;
    let reporter = reviews.first().map_or_else(|| who("editor.region"), |review| Ok(review.by))?;
    let mut reviewers = Vec::new();
    let mut members: Vec<&String> = people.keys().filter(|handle| handle.starts_with(REVIEWERS)).collect();
    members.sort_unstable();
    for handle in members.into_iter().filter(|_| practice.state == "peer_review") {
        let account = who(handle)?;
        let own = ctx.standing.actor(account).await?.is_none_or(|actor| actor.organisation == Some(organisation));
        if !own && account != by && reviews.len() + reviewers.len() < BY_TWO && reviews.iter().all(|review| review.by != account)
        {
            reviewers.push(account);
        }
    }
    let at = ctx.now() - practice.days_ago * DAY;
    let id = ids::make(Clock::Fixed(at));
    let translator = reviews.first().map_or(by, |review| review.by);
    let translation = |each: Translation| ImportedTranslation {
        language: each.language,
        fields: each.fields,
        behind: each.state == "behind",
        translator,
        checked_by: (translator != by).then_some(by),
    };
    let used = |used: &Use| Ok(ImportedUse { by: who(&used.by)?, country: used.country.clone(), note: used.note.clone() });
    let imported = ImportedPractice {
        id,
        texts: practice.texts,
        by,
        organisation: Some(organisation),
        partners,
        marking: practice.marking,
        state: practice.state,
        reason: practice.withdrawn_because,
        level: practice.level,
        harm: practice.harm.map(|what| (reporter, what)),
        reviewers,
        parent: practice.adapts.as_ref().and_then(|key| known.get(key)).copied(),
        translations: practice.translations.into_iter().map(translation).collect(),
        endorsements: practice.endorsements.iter().map(|handle| who(handle)).collect::<Result<_, _>>()?,
        uses: practice.used.iter().map(used).collect::<Result<_, Failure>>()?,
        reviews,
        at,
    };
    let inner = ctx.clone();
    let stored: db::Result<Result<(), String>> =
        ctx.db.write(async move |tx| library::import(tx, &inner, &Shelf::default(), &imported).await).await;
    stored?.map_err(|why| refused(&why))?;
    Ok(id)
}

/// The organisation of this name, in whichever country.
async fn locate(ctx: &Ctx, name: &str) -> Result<Option<Uuid>, Failure> {
    let mut conn = ctx.db.read().await?;
    let countries = ALL_COUNTRIES.iter().map(|country| Some(country.code.as_str())).chain([None]);
    for country in countries {
        let found = directory::organisation_by_name(&mut conn, name, country).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
