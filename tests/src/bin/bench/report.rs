//! What was measured: rows with a value a round, and the table.

use std::fmt::Write;

/// What a figure is held to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// Only shown, to compare with.
    None,
    /// Good at this or below.
    AtMost(f64),
    /// Good at this or above.
    AtLeast(f64),
}

struct Row {
    name: String,
    unit: &'static str,
    limit: Limit,
    values: Vec<f64>,
}

/// All figures, in the order in which they were first given.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Adds one round's value to a figure.
    pub(crate) fn add(&mut self, name: &str, unit: &'static str, limit: Limit, value: f64) {
        eprintln!("    {name}: {} {unit}", number(value));
        match self.rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.values.push(value),
            None => self.rows.push(Row { name: name.to_owned(), unit, limit, values: vec![value] }),
        }
    }

    /// How many figures miss their limit.
    pub(crate) fn short(&self) -> usize {
        self.rows.iter().filter(|row| !row.is_good()).count()
    }

    /// The table, ready to be printed.
    pub(crate) fn table(&self) -> String {
        let head = ["figure", "unit", "median", "min - max", "limit", ""].map(str::to_owned);
        let lines: Vec<_> = std::iter::once(head).chain(self.rows.iter().map(Row::cells)).collect();
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
        let widths: [usize; 6] = std::array::from_fn(width);
        let mut table = String::new();
        for (index, line) in lines.iter().enumerate() {
            let words = |column: usize| format!("{:<1$}", line[column], widths[column]);
            let figures = |column: usize| format!("{:>1$}", line[column], widths[column]);
            let cells = [words(0), words(1), figures(2), figures(3), figures(4), words(5)];
            let _ = writeln!(table, "{}", cells.join("  ").trim_end());
            if index == 0 {
                let _ = writeln!(table, "{}", "-".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1)));
            }
        }
        table
    }
}

impl Row {
    fn median(&self) -> f64 {
        median(&self.values)
    }

    fn is_good(&self) -> bool {
        match self.limit {
            Limit::None => true,
            Limit::AtMost(limit) => self.median() <= limit,
            Limit::AtLeast(limit) => self.median() >= limit,
        }
    }

    fn cells(&self) -> [String; 6] {
        let least = self.values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (limit, verdict) = match self.limit {
            Limit::None => (String::new(), ""),
            Limit::AtMost(limit) => (format!("<= {}", number(limit)), if self.is_good() { "ok" } else { "SHORT" }),
            Limit::AtLeast(limit) => (format!(">= {}", number(limit)), if self.is_good() { "ok" } else { "SHORT" }),
        };
        let range = format!("{} - {}", number(least), number(most));
        [self.name.clone(), self.unit.to_owned(), number(self.median()), range, limit, verdict.to_owned()]
    }
}

/// The middle one, or the mean of the middle two. NaN of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// The value below which `share` (0 to 1) of the values lie. NaN of nothing.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index below the number of values"
    )]
    let index = ((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1));
    values.get(index).copied().unwrap_or(f64::NAN)
}

/// Three significant digits, or whole from a hundred on.
fn number(value: f64) -> String {
    match value.abs() {
        _ if value == 0.0 => "0".into(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
