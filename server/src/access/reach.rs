//! Which items of a list somebody may read, said for the store: as [`may_with_item`] decides about each of them.
//!
//! [`may_with_item`]: super::may_with_item

use std::fmt::Write;

use super::{Actor, Role, Scope};

/// The condition under which a shared item of a row `i` is readable for this person: the row has `author`, `organisation`,
/// `marking`, and `countries` and `themes` with a space around every code. `$1` is the person's account, `$2` their
/// organisation. `partners` is true for the rows that `$2` takes part in; `FALSE` where nobody does.
pub fn readable_items(actor: &Actor, partners: &str) -> String {
    if !actor.is_confirmed() {
        return "FALSE".into();
    }
    let mut sql =
        format!("(i.author = $1 OR i.organisation = $2 OR i.marking IN ('clear', 'green') OR i.marking = 'amber' AND {partners}");
    for (role, scope) in &actor.grants {
        let column = match (role, scope) {
            (Role::Editor | Role::Moderator, Scope::Region) => {
                sql.push_str(" OR TRUE");
                continue;
            }
            (Role::Moderator, Scope::Country(code)) => ("countries", code),
            (Role::Moderator, Scope::Theme(slug)) => ("themes", slug),
            _ => continue,
        };
        // A scope is a word of the vocabulary. What isn't one can't be tended, and stands in no statement.
        if column.1.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            let _ = write!(sql, " OR i.{} LIKE '% {} %'", column.0, column.1);
        }
    }
    sql.push(')');
    sql
}
