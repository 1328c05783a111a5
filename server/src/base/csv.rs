//! Rows as a table that office programs open: RFC 4180, and no cell that such a program would take for a formula.

/// What Excel takes as a sign that the file is UTF-8.
pub const BOM: &str = "\u{feff}";

/// A row of cells.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = cells.into_iter().map(cell).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// A cell in quotes. What begins like a formula gets an apostrophe before it, which is shown and not calculated (OWASP,
/// CSV injection).
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(cell(text), format!("\"'{text}\""));
        }
        assert_eq!(cell("a=1"), "\"a=1\"");
        assert_eq!(cell(""), "\"\"");
    }

    #[test]
    fn quotes_and_commas_stay_in_their_cell() {
        assert_eq!(line(["a\"b", "c,d"]), "\"a\"\"b\",\"c,d\"\r\n");
    }
}
