//! Narrowing the library down: what fits, in which order, and how much each other choice would leave. Pure: one pass over what
//! is kept in memory.

use std::collections::HashSet;
use std::sync::LazyLock;

use uuid::Uuid;

use super::model::{AGES, LANGUAGES, PILLARS, SETTINGS, STAGES};
use super::states::State;
use crate::access::{Actor, Decision, Item, ItemAction, may_with_item};
use crate::vocabulary::{ALL_COUNTRIES, ALL_THEMES};

/// What one can choose by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Choice {
    Country,
    Theme,
    Stage,
    Pillar,
    Age,
    Setting,
    Language,
    Level,
    State,
}

impl Choice {
    pub(super) const ALL: [Self; 9] = [
        Self::Country,
        Self::Theme,
        Self::Stage,
        Self::Pillar,
        Self::Age,
        Self::Setting,
        Self::Language,
        Self::Level,
        Self::State,
    ];

    /// Its name in a query and in `tags`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Theme => "theme",
            Self::Stage => "stage",
            Self::Pillar => "pillar",
            Self::Age => "age",
            Self::Setting => "setting",
            Self::Language => "language",
            Self::Level => "level",
            Self::State => "state",
        }
    }
}

/// The states one can choose by, those without a choice first.
const STATES: [State; 4] = [State::Published, State::ReviewDue, State::Archived, State::Withdrawn];
const LEVELS: [&str; 6] = ["0", "1", "2", "3", "4", "5"];

/// Every code of every choice; its place is its bit.
static CODES: LazyLock<Vec<(Choice, &'static str)>> = LazyLock::new(|| {
    let all = |choice, codes: Vec<&'static str>| codes.into_iter().map(move |code| (choice, code));
    all(Choice::Country, ALL_COUNTRIES.iter().map(|country| country.code.as_str()).collect())
        .chain(all(Choice::Theme, ALL_THEMES.iter().map(|theme| theme.slug.as_str()).collect()))
        .chain(all(Choice::Stage, STAGES.to_vec()))
        .chain(all(Choice::Pillar, PILLARS.to_vec()))
        .chain(all(Choice::Age, AGES.to_vec()))
        .chain(all(Choice::Setting, SETTINGS.to_vec()))
        .chain(all(Choice::Language, LANGUAGES.to_vec()))
        .chain(all(Choice::Level, LEVELS.to_vec()))
        .chain(all(Choice::State, STATES.map(State::as_str).to_vec()))
        .collect()
});

/// The bits of each choice, in the order of [`Choice::ALL`].
static MASKS: LazyLock<[u128; 9]> = LazyLock::new(|| Choice::ALL.map(|choice| mask(|of, _| of == choice)));

/// The bits of [`STATES`].
static STATE_BITS: LazyLock<[u128; 4]> = LazyLock::new(|| STATES.map(|state| bit(Choice::State, state.as_str()).unwrap_or(0)));

fn mask(is_in: impl Fn(Choice, &str) -> bool) -> u128 {
    CODES.iter().enumerate().filter(|(_, (choice, code))| is_in(*choice, code)).fold(0, |bits, (at, _)| bits | (1_u128 << at))
}

/// The bit of a code; `None` if there is none of that name.
pub(super) fn bit(choice: Choice, code: &str) -> Option<u128> {
    CODES.iter().position(|(of, known)| *of == choice && *known == code).map(|at| 1_u128 << at)
}

/// The codes of a choice among these bits.
pub(super) fn codes(bits: u128, choice: Choice) -> impl Iterator<Item = &'static str> {
    CODES.iter().enumerate().filter(move |(at, (of, _))| *of == choice && (bits >> at) & 1 == 1).map(|(_, (_, code))| *code)
}

/// What is kept of a practice in memory.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) author: Uuid,
    pub(super) organisation: Option<Uuid>,
    pub(super) marking: &'static str,
    /// As it is stored: whether a review is due is for the clock to say.
    pub(super) state: State,
    pub(super) review_due_at: Option<i64>,
    /// What it is found by, its state not with it.
    pub(super) bits: u128,
    pub(super) countries: Box<[&'static str]>,
    pub(super) themes: Box<[&'static str]>,
    pub(super) partners: Box<[Uuid]>,
    /// Who was named to review it, and whether they have in this round.
    pub(super) reviewers: Box<[(Uuid, bool)]>,
    pub(super) level: u8,
    pub(super) harm: bool,
    pub(super) parent: Option<Uuid>,
    pub(super) published_at: Option<i64>,
    pub(super) changed_at: i64,
    pub(super) endorsements: u32,
    /// The countries of those who have used it.
    pub(super) used: u32,
}

impl Entry {
    /// How far it has come at a time.
    pub(super) fn state_at(&self, now: i64) -> State {
        State::of(self.state.as_str(), self.review_due_at, now)
    }

    fn item<'a>(&'a self, people: &'a [Uuid]) -> Item<'a> {
        Item {
            marking: self.marking,
            stage: self.state.stage(),
            author: self.author,
            organisation: self.organisation,
            countries: &self.countries,
            themes: &self.themes,
            people,
            partners: &self.partners,
        }
    }

    /// Decides about an act with it. Who was named to review it reads it, and changes nothing of it.
    pub(super) fn decide(&self, actor: &Actor, action: ItemAction) -> Decision {
        if !self.is_reviewer(actor.account) {
            return may_with_item(actor, action, &self.item(&[]));
        }
        let named = [actor.account];
        if !matches!(action, ItemAction::Change | ItemAction::Lower) {
            return may_with_item(actor, action, &self.item(&named));
        }
        match may_with_item(actor, action, &self.item(&[])) {
            Decision::Hide if self.decide(actor, ItemAction::Read) == Decision::Allow => Decision::Forbid("forbidden"),
            decision => decision,
        }
    }

    pub(super) fn may(&self, actor: &Actor, action: ItemAction) -> bool {
        self.decide(actor, action) == Decision::Allow
    }

    pub(super) fn is_reviewer(&self, account: Uuid) -> bool {
        self.reviewers.iter().any(|(reviewer, _)| *reviewer == account)
    }

    /// Whether somebody has a part in it: by writing it, or by working for an organisation that takes part.
    pub(super) fn is_own(&self, account: Uuid, organisation: Option<Uuid>) -> bool {
        let takes_part = |id| self.organisation == Some(id) || self.partners.contains(&id);
        self.author == account || organisation.is_some_and(takes_part)
    }

    /// Its bits, its state at this time with them.
    fn all_bits(&self, now: i64) -> u128 {
        let state = self.state_at(now);
        self.bits | STATES.iter().position(|known| *known == state).map_or(0, |at| STATE_BITS[at])
    }
}

/// Whose eyes the list is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
    /// What is in the library.
    #[default]
    Library,
    /// What the reader or their organisation has written.
    Mine,
    /// What waits for the reader's review.
    ToReview,
    /// What waits for somebody who looks after the library.
    ToTend,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Newest,
    Level,
    /// As the words fit.
    Best,
}

/// What is wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    pub(super) view: View,
    pub(super) sort: Sort,
    /// The chosen codes of each choice, in the order of [`Choice::ALL`]: one of them must fit; 0: all do.
    pub(super) chosen: [u128; 9],
    /// What the words have found, the best first.
    pub(super) found: Option<Vec<Uuid>>,
}

/// A place in the order: what comes first is the largest.
pub(super) type Place = (i64, i64, Uuid);

/// What fits, in no order, and how much each choice would leave.
pub(super) struct Found<'a> {
    entries: Vec<(Place, &'a Entry)>,
    counts: Vec<usize>,
}

impl<'a> Found<'a> {
    /// How many fit.
    pub(super) fn total(&self) -> usize {
        self.entries.len()
    }

    /// The first so many of them after a place, in order. The rest isn't put in order for it.
    pub(super) fn first(&self, after: Option<Place>, count: usize) -> Vec<(Place, &'a Entry)> {
        let later = self.entries.iter().filter(|(place, _)| after.is_none_or(|after| *place < after));
        let mut found: Vec<_> = later.copied().collect();
        if count < found.len() {
            found.select_nth_unstable_by(count, |(one, _), (other, _)| other.cmp(one));
            found.truncate(count);
        }
        found.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
        found
    }

    /// How many would be found with each other code of a choice while the others stay as they are.
    pub(super) fn counts(&self, choice: Choice) -> impl Iterator<Item = (&'static str, usize)> {
        CODES
            .iter()
            .zip(&self.counts)
            .filter(move |((of, _), count)| *of == choice && **count > 0)
            .map(|((_, code), count)| (*code, *count))
    }
}

/// Looks through the entries for somebody.
pub(super) fn find<'a>(entries: impl Iterator<Item = &'a Entry>, actor: &Actor, wish: &Wish, now: i64) -> Found<'a> {
    let chosen = effective(wish);
    let order: Option<std::collections::HashMap<Uuid, i64>> =
        wish.found.as_ref().map(|ids| ids.iter().zip(0..).map(|(id, at)| (*id, at)).collect());
    let mut counts = vec![0; CODES.len()];
    let mut fitting = Vec::new();
    for entry in entries {
        let rank = match &order {
            None => 0,
            Some(order) => match order.get(&entry.id) {
                None => continue,
                Some(at) => -at,
            },
        };
        if !is_in_view(entry, actor, wish.view, now) || !entry.may(actor, ItemAction::Read) {
            continue;
        }
        let bits = entry.all_bits(now);
        let mut failed = chosen.iter().enumerate().filter(|(_, wanted)| **wanted != 0 && bits & **wanted == 0).map(|(at, _)| at);
        let counted = match (failed.next(), failed.next()) {
            (None, _) => {
                fitting.push((place(entry, wish.sort, rank), entry));
                bits
            }
            // It would be found by another choice of this one alone.
            (Some(at), None) => bits & MASKS[at],
            _ => continue,
        };
        count(&mut counts, counted);
    }
    Found { entries: fitting, counts }
}

fn count(counts: &mut [usize], mut bits: u128) {
    while bits != 0 {
        if let Some(count) = usize::try_from(bits.trailing_zeros()).ok().and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
        bits &= bits - 1;
    }
}

/// In the library, what is neither archived nor withdrawn is shown where nobody chooses.
fn effective(wish: &Wish) -> [u128; 9] {
    let mut chosen = wish.chosen;
    if wish.view == View::Library && chosen[8] == 0 {
        chosen[8] = mask(|choice, code| choice == Choice::State && (code == "published" || code == "review_due"));
    }
    chosen
}

fn place(entry: &Entry, sort: Sort, rank: i64) -> Place {
    let first = match sort {
        Sort::Newest => 0,
        Sort::Level => i64::from(entry.level),
        Sort::Best => rank,
    };
    (first, entry.published_at.unwrap_or(entry.changed_at), entry.id)
}

fn is_in_view(entry: &Entry, actor: &Actor, view: View, now: i64) -> bool {
    let mine = entry.author == actor.account || actor.organisation.is_some() && entry.organisation == actor.organisation;
    match view {
        View::Library => entry.published_at.is_some(),
        View::Mine => mine,
        View::ToReview => awaits_review(entry, actor.account, now),
        View::ToTend => awaits_keeper(entry, now) && entry.may(actor, ItemAction::Tend),
    }
}

/// Whether it waits for this person's review.
pub(super) fn awaits_review(entry: &Entry, account: Uuid, now: i64) -> bool {
    let may = matches!(entry.state_at(now), State::PeerReview | State::Published | State::ReviewDue);
    may && entry.reviewers.iter().any(|(reviewer, done)| *reviewer == account && !done)
}

/// Whether it waits for somebody who looks after the library: to be screened, decided about or looked at again.
pub(super) fn awaits_keeper(entry: &Entry, now: i64) -> bool {
    match entry.state_at(now) {
        State::Submitted | State::Screening | State::ReviewDue => true,
        State::PeerReview => entry.reviewers.iter().filter(|(_, done)| *done).count() >= 2,
        State::Published => entry.harm,
        _ => false,
    }
}

/// Why one practice is named beside another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Likeness {
    pub(super) themes: Vec<&'static str>,
    pub(super) countries: Vec<&'static str>,
    pub(super) stage: bool,
}

/// What is like this one: by shared themes, then its stage, then its countries; what stands in the library alone.
pub(super) fn related<'a>(
    of: &Entry,
    entries: impl Iterator<Item = &'a Entry>,
    actor: &Actor,
    now: i64,
    most: usize,
) -> Vec<(&'a Entry, Likeness)> {
    let masks = [Choice::Theme, Choice::Stage, Choice::Country].map(|choice| mask(|known, _| known == choice));
    let mut scored: Vec<(u32, i64, &Entry)> = entries
        .filter(|entry| entry.id != of.id && entry.parent != Some(of.id) && of.parent != Some(entry.id))
        .filter(|entry| entry.state_at(now).stands())
        .filter_map(|entry| {
            let [themes, stage, countries] = masks.map(|mask| (entry.bits & of.bits & mask).count_ones());
            // A country alone makes nothing alike.
            (themes > 0).then(|| (themes * 4 + stage * 2 + countries, entry.published_at.unwrap_or_default(), entry))
        })
        .collect();
    scored.sort_unstable_by_key(|(score, at, entry)| std::cmp::Reverse((*score, *at, entry.id)));
    let shared = |entry: &'a Entry| {
        let both = entry.bits & of.bits;
        let of = |choice| codes(both, choice).collect::<Vec<_>>();
        (entry, Likeness { themes: of(Choice::Theme), countries: of(Choice::Country), stage: both & masks[1] != 0 })
    };
    scored
        .into_iter()
        .map(|(_, _, entry)| entry)
        .filter(|entry| entry.may(actor, ItemAction::Read))
        .take(most)
        .map(shared)
        .collect()
}

/// All that goes back to the same practice as this one, itself among them, whoever may see it.
pub(super) fn family<'a>(of: &Entry, entries: &'a [&'a Entry]) -> Vec<&'a Entry> {
    let by_id: std::collections::HashMap<Uuid, &Entry> = entries.iter().map(|entry| (entry.id, *entry)).collect();
    let mut known = HashSet::from([of.id]);
    let mut root = of.id;
    while let Some(parent) = by_id.get(&root).and_then(|entry| entry.parent).filter(|parent| known.insert(*parent)) {
        root = parent;
    }
    let mut within = HashSet::from([root]);
    // A child is never older than its parent, whose id sorts before it.
    let mut sorted: Vec<&Entry> = entries.iter().copied().filter(|entry| entry.parent.is_some() || entry.id == root).collect();
    sorted.sort_unstable_by_key(|entry| entry.id);
    loop {
        let before = within.len();
        within.extend(
            sorted
                .iter()
                .filter(|entry| entry.parent.is_some_and(|id| within.contains(&id)))
                .map(|entry| entry.id)
                .collect::<Vec<_>>(),
        );
        if within.len() == before {
            break;
        }
    }
    sorted.retain(|entry| within.contains(&entry.id));
    sorted
}

#[cfg(test)]
mod tests;
