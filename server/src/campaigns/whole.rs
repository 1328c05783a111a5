//! A campaign as it is stored, with all that decides about it.

use uuid::Uuid;

use super::codes::{COUNTRIES, of_bits};
use super::indicators::Indicator;
use super::model::{Facts, Pretest, State};
use super::steps::{Check, Standing, checks};
use super::store::{self, Detail, Head, MaterialRow};
use crate::access::{Actor, Decision, Item, ItemAction, Stage, may_with_item, organisations_of};
use crate::base::db::{On, Result};
use crate::base::http::Problem;
use crate::context::Ctx;
use crate::directory;
use crate::vocabulary::MARKINGS;

/// The kind of organisations that answer a helpline.
const HELPLINE: &str = "HELPLINE";

/// A campaign with everything that belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    pub(super) head: Head,
    pub(super) detail: Detail,
    pub(super) state: State,
    pub(super) facts: Facts,
    pub(super) pretest: Option<Pretest>,
    pub(super) people: Vec<Uuid>,
    pub(super) partners: Vec<Uuid>,
    pub(super) indicators: Vec<Indicator>,
    pub(super) materials: Vec<MaterialRow>,
}

impl Whole {
    /// The campaign; `None` if there is none.
    pub(super) async fn load(conn: &mut impl On, id: Uuid) -> Result<Option<Self>> {
        let Some(head) = store::head(conn, id).await? else { return Ok(None) };
        let Some(detail) = store::detail(conn, id).await? else { return Ok(None) };
        let facts = Facts {
            title: head.title.clone(),
            language: head.language.clone(),
            theme: head.theme.clone(),
            aim: head.aim.clone(),
            countries: head.countries,
            ages: head.ages,
            settings: head.settings,
            days: head.first_day.zip(head.last_day),
            practice: head.practice,
            plan: detail.plan()?,
        };
        Ok(Some(Self {
            state: State::of(&head.state).unwrap_or(State::Archived),
            pretest: detail.pretest()?,
            people: store::people(conn, id).await?,
            partners: store::partners(conn, id).await?,
            indicators: store::indicators(conn, id).await?,
            materials: store::materials(conn, id).await?,
            facts,
            head,
            detail,
        }))
    }

    /// Whether somebody may do that with it.
    pub(super) fn may(&self, actor: &Actor, action: ItemAction) -> Decision {
        let countries = of_bits(self.head.countries, &COUNTRIES);
        let themes = [self.head.theme.as_str()];
        let marking = self.head.marking.as_str();
        let item = Item {
            marking: MARKINGS.into_iter().find(|known| *known == marking).unwrap_or(marking),
            stage: self.stage(),
            author: self.head.author,
            organisation: self.head.organisation,
            countries: &countries,
            themes: &themes,
            people: &self.people,
            partners: &self.partners,
        };
        may_with_item(actor, action, &item)
    }

    /// Whether it is this person's own: of their organisation, of a partner's, or named to work on it. They see its figures
    /// whole.
    pub(super) fn is_own(&self, actor: &Actor) -> bool {
        let works = |id: Uuid| actor.organisation == Some(id);
        self.head.author == actor.account
            || self.people.contains(&actor.account)
            || self.head.organisation.is_some_and(works)
            || self.partners.iter().copied().any(works)
    }

    /// Whether this person speaks for a helpline of one of its countries.
    pub(super) async fn helpline_of(&self, conn: &mut impl On, actor: &Actor) -> Result<Option<Uuid>> {
        let countries = of_bits(self.head.countries, &COUNTRIES);
        let answers = |country: &Option<String>| country.as_deref().is_none_or(|code| countries.contains(&code));
        Ok(helplines(conn, actor).await?.into_iter().find(|(_, country)| answers(country)).map(|(id, _)| id))
    }

    /// How far it has come, as the rules ask for it.
    pub(super) fn stage(&self) -> Stage {
        match self.head.stage {
            2 => Stage::Shared,
            1 => Stage::HandedIn,
            _ => Stage::Own,
        }
    }

    /// Everything that is asked of it on its way.
    pub(super) fn checks(&self) -> Vec<Check> {
        checks(Standing {
            facts: &self.facts,
            approved: self.detail.approved_at.is_some(),
            pretest: self.pretest.as_ref(),
            indicators: &self.indicators,
            capacity: self.detail.capacity_at.is_some(),
            unapproved: self.materials.iter().filter(|material| material.approved_by.is_none()).count(),
            results: self.detail.results.is_some(),
        })
    }

    /// Its author and those who were named.
    pub(super) fn team(&self) -> impl Iterator<Item = Uuid> {
        self.people.iter().copied().chain([self.head.author])
    }
}

/// The helplines that this person speaks for, each with its country.
pub(super) async fn helplines(conn: &mut impl On, actor: &Actor) -> Result<Vec<(Uuid, Option<String>)>> {
    let organisations = directory::organisations_named(conn, &organisations_of(actor)).await?;
    Ok(organisations.into_iter().filter(|it| it.kind == HELPLINE).map(|it| (it.id, it.country)).collect())
}

/// The campaign, if this person may do that with it. Who asks for one that is hidden from them gets the same answer as who
/// asks for one that isn't there.
pub(super) async fn authorise(ctx: &Ctx, actor: &Actor, action: ItemAction, id: Uuid) -> std::result::Result<Whole, Problem> {
    let found = Whole::load(&mut ctx.db.read().await?, id).await?;
    let Some(whole) = found else { return Err(Problem::not_found()) };
    match whole.may(actor, action) {
        Decision::Allow => Ok(whole),
        Decision::Forbid(code) => Err(Problem::forbidden_for(code)),
        Decision::Hide => {
            ctx.recorder.refused(actor.account, true, format!("campaign:{id}"));
            Err(Problem::not_found())
        }
    }
}
