//! Strings made to confuse: pieces of everything that the guard knows, in every order, with noise between them.

use super::dice::Dice;
use super::{disguise, made_up, rows};

const NOISE: [&str; 60] = [
    " ", " ", " ", ", ", ". ", "\n", "-", "/", ":", "+", "(", ")", "#", "@", "<", "°", "'", "\"", "?", "=", "é", "ž", "Đ", "ї",
    "ΐ", "ß", "漢", "😀", "\u{200b}", "\u{301}", "\u{20e3}", "٣", "０", "１", "О", "l", "I", "o", "Ⅳ", "ﬁ", "ǆ", "𝟘", "Ω", "ς",
    "0", "1", "2", "99", "2009", "A", "b", "HR", "EL", "iban", "\r\n", "\u{2028}", "_", "://", "·", ";",
];

const PIECES: [&str; 64] = [
    "born",
    "rođena",
    "роден",
    "née le",
    "i lindur",
    "născut",
    "γεννημένος",
    "14.03.2009",
    "2009-03-14",
    "14 March 2009",
    "March 14, 2009",
    "14. ožujka 2009",
    "14 марта 2009",
    "Mara Ilić",
    "Ana-Marija Kos",
    "Ministry of Justice",
    "son of",
    "ime majke",
    "Vesna",
    "13 years old",
    "aged 13",
    "13 godina",
    "16-годишна",
    "Syrian",
    "avganistanski",
    "Subotica",
    "Суботици",
    "Θεσσαλονίκη",
    "STROGO POVERLJIVO",
    "RESTREINT UE/EU RESTRICTED",
    "СЕКРЕТНО",
    "SECRET",
    "strogo poverljivo",
    "child pornography",
    "илегални мигранти",
    "illegal migrant",
    "jane.roe@example.org",
    "info@example.org",
    "jane (at) example.org",
    "ana.directory@demo.egida.example",
    "+381 11 785 0000",
    "+381 64 000 0000",
    "0040721000000",
    "+381 (0)11 000 00 01",
    "tel 021 000 0000",
    "τηλ 210 000 0000",
    "116 111",
    "+44 20 7946 0000",
    "44.8125, 20.4612",
    "44.8125° N, 20.4612° E",
    "44°48'45\"N 20°27'40\"E",
    "plate BG 000-AA",
    "таблице NS 0000-ZZ",
    "πινακίδα ΑΑΑ-0000",
    "targa AA 000 AA",
    "isbn 978-0-306-40615-7",
    "9780306406157",
    "2011/36/EU",
    "88/2005",
    "550e8400-e29b-41d4-a716-446655440000",
    "https://example.org/a/1234567892?id=1234567892#c-1234567892",
    "J.M.B.G.",
    "Е Г Н",
    "ΑΔΤ ΑΑ 000000",
];

type Disguise = fn(&str, &mut Dice) -> String;
const DISGUISES: [Disguise; 8] = [
    disguise::script,
    disguise::unseen,
    disguise::grouped,
    disguise::scattered,
    disguise::alike,
    disguise::lettered,
    disguise::file,
    disguise::link,
];

/// What strings are made of.
pub(crate) struct Strings {
    context: Vec<&'static str>,
    examples: Vec<&'static str>,
}

impl Strings {
    pub(crate) fn new() -> Self {
        let (mut context, mut examples) = (Vec::new(), Vec::new());
        for row in rows() {
            context.extend(row("context_words").split(", ").filter(|word| !word.is_empty()));
            examples.extend(["valid_1", "valid_2", "invalid_1", "invalid_2"].map(&row));
        }
        Self { context, examples }
    }

    /// One string.
    pub(crate) fn string(&self, dice: &mut Dice) -> String {
        let mut out = String::new();
        for _ in 0..=dice.below(9) {
            let piece = self.piece(dice);
            out.push_str(&piece);
            if dice.chance(70) {
                out.push_str(dice.pick::<&str>(&NOISE));
            }
        }
        out
    }

    fn piece(&self, dice: &mut Dice) -> String {
        match dice.below(10) {
            0 | 1 => (*dice.pick(&self.context)).into(),
            2 => (*dice.pick(&self.examples)).into(),
            3 | 4 => {
                let kind = *dice.pick(&made_up::BLOCKED);
                let value = made_up::value(kind, dice);
                let disguise = *dice.pick(&DISGUISES);
                if dice.chance(30) { value } else { disguise(&value, dice) }
            }
            5 => {
                let len = 1 + dice.below(19);
                let digits = dice.digits(len);
                if dice.chance(50) { digits } else { disguise::scattered(&digits, dice) }
            }
            6 => (0..=dice.below(6)).map(|_| *dice.pick(&NOISE)).collect(),
            7 => (0..=dice.below(6)).map(|_| any(dice)).collect(),
            _ => {
                let piece = *dice.pick(&PIECES);
                if dice.chance(80) { piece.into() } else { disguise::alike(piece, dice) }
            }
        }
    }
}

/// Any character, those of our scripts more often than others.
fn any(dice: &mut Dice) -> char {
    let (from, len) =
        *dice.pick(&[(0x20, 0x60), (0xA0, 0x1B0), (0x370, 0x1C0), (0x1E00, 0x200), (0x2000, 0x150), (0, 0x11_0000)]);
    loop {
        let point = from + dice.below(len);
        if let Some(sign) = u32::try_from(point).ok().and_then(char::from_u32) {
            return sign;
        }
    }
}
