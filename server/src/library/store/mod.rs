//! The tables of `0031_library.sql` and `0032_library_use.sql`.

/// Rows of a statement that ends in `IN `, for these ids: `$1, $2, …`, each bound. Nothing is asked for an empty list.
macro_rules! among {
    ($conn:expr, $begin:expr, $ids:expr, $end:expr) => {{
        let ids: &[uuid::Uuid] = $ids;
        if ids.is_empty() {
            Vec::new()
        } else {
            let marks: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
            let sql = format!("{} ({}) {}", $begin, marks.join(", "), $end);
            on!($conn, c => {
                let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).persistent(ids.len() == 1);
                for id in ids {
                    query = query.bind(*id);
                }
                query.fetch_all(c)
            })?
        }
    }};
}

mod after;
mod finding;
mod practices;
mod reviewing;

pub(super) use after::{
    NewResult, NewTranslation, ResultRow, TranslationRow, UseRow, VersionRow, check_translation, delete_translation, endorse,
    endorsements, insert_version, put_result, put_translation, put_use, results, take_use, translation, translations, unendorse,
    uses, version, versions,
};
pub(super) use finding::{
    Counted, ListRow, ShelfRow, TextRow, all_counted, all_partners, all_reviewers, bodies, counted_among, listed, partners_among,
    reviewers_among, shelf, shelf_among, texts_not_clear,
};
pub(super) use practices::{
    NewPractice, PracticeRow, Step, StepRow, delete, insert, note_step, one, partners, put_content, put_partners, set_level,
    set_reviewed, set_state, set_topic, steps,
};
pub(super) use reviewing::{
    HarmRow, NewHarm, NewReview, ReviewRow, answer_harm, harms, insert_harm, name_reviewers, put_review, reviewers, reviews,
};
