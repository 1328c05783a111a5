//! What is found besides identifiers, and what is left alone.

use egida_guard::{Severity, mask, normalise, scan};

use crate::support::setting;

/// Kind, severity, value and offer of what is found.
fn found(text: &str) -> Vec<(&'static str, &'static str, &str, Option<String>)> {
    let findings = scan(text, &setting());
    findings.into_iter().map(|one| (one.kind.name(), one.severity.name(), &text[one.span], one.offer)).collect()
}

fn one(text: &str, kind: &str, severity: &str, value: &str, offer: Option<&str>) {
    let found = found(text);
    let known = found.iter().any(|(a, b, c, d)| (*a, *b, *c, d.as_deref()) == (kind, severity, value, offer));
    assert!(known, "{text}: {found:?}");
}

#[test]
fn births_are_offered_their_quarter() {
    for text in [
        "born 14.03.2009 in the north",
        "rođena je 14.03.2009.",
        "РОЂЕН 14.03.2009",
        "роден на 14.03.2009 г.",
        "née le 14.03.2009",
        "né(e) le 14.03.2009",
        "i lindur më 14.03.2009",
        "născut la 14.03.2009",
        "γεννημένος στις 14.03.2009",
        "d.o.b. 14.03.2009",
    ] {
        one(text, "birth", "warn", "14.03.2009", Some("Q1 2009"));
    }
    one("rođena 2. maja 2010", "birth", "warn", "2. maja 2010", Some("Q2 2010"));
    one("născută la 3 decembrie 2011", "birth", "warn", "3 decembrie 2011", Some("Q4 2011"));
    one("date of birth: 2012-07-09", "birth", "warn", "2012-07-09", Some("Q3 2012"));
}

#[test]
fn names_are_seen_by_what_stands_beside_them() {
    one("Mara Izmišljena, 14.03.2009", "name", "warn", "Mara Izmišljena", None);
    one("the son of Petar Izmišljeni", "name", "warn", "Petar Izmišljeni", None);
    one("ime majke: Vesna", "name", "warn", "Vesna", None);
    one("όνομα μητρός: Ελένη", "name", "warn", "Ελένη", None);
    one("mother’s name is not known, mother’s name: Ana", "name", "warn", "Ana", None);
    for text in [
        "Ministry of Justice, 14.03.2009",
        "Official Gazette 14.03.2009",
        "Next meeting: Ana Izmišljena, 14.03.2027",
        "the son of a colleague",
        "Opened on 14 March 2019 by the Council",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn age_town_and_origin_together_are_generalised() {
    let text = "a 13-year-old Syrian girl was found in Subotica";
    one(text, "age", "warn", "13", Some("10-13"));
    one(text, "place", "warn", "Subotica", Some("RS north"));
    let text = "dečak iz Avganistana (15 godina), u Суботици";
    one(text, "age", "warn", "15", Some("14-15"));
    one(text, "place", "warn", "Суботици", Some("RS north"));
    for text in ["a 13-year-old girl was found in Subotica", "16 days in Subotica with Syrian colleagues", "aged 13, Syrian"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn marks_of_classified_information_block_as_they_stand_on_documents() {
    for (text, value) in [
        ("STROGO POVERLJIVO\nIzveštaj o radu", "STROGO POVERLJIVO"),
        ("Izveštaj\n— СТРОГО СЕКРЕТНО —\n", "СТРОГО СЕКРЕТНО"),
        ("POVERLJIVO: izveštaj o radu", "POVERLJIVO"),
        ("RESTREINT UE/EU RESTRICTED", "RESTREINT UE/EU RESTRICTED"),
        ("REPUBLIKA SRBIJA – STROGO POVERLJIVO – BROJ 3", "STROGO POVERLJIVO"),
        ("ΑΠΟΡΡΗΤΟ", "ΑΠΟΡΡΗΤΟ"),
        ("SECRET DE SERVICIU", "SECRET DE SERVICIU"),
    ] {
        one(text, "classified", "block", value, None);
    }
    one("the paper is marked POVERLJIVO by them", "classified", "warn", "POVERLJIVO", None);
    for text in ["strogo poverljivo", "Top secret, they said", "SECRET_KEY=1", "keep it a SECRET"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn words_that_the_field_advises_against_are_offered_better_ones() {
    one("about child pornography", "term", "suggest", "child pornography", Some("abuse_material"));
    one("илегални мигранти", "term", "suggest", "илегални мигранти", Some("irregular_migrant"));
    one("the client of a child", "term", "suggest", "client of a child", Some("offender"));
    let text = "about child pornography";
    assert_eq!(mask(text, &scan(text, &setting())), text);
}

#[test]
fn telephone_numbers_are_asked_about_but_for_those_of_everybody() {
    one("call +381 64 000 0000 now", "phone", "warn", "+381 64 000 0000", None);
    one("00 40 721 000 000", "phone", "warn", "00 40 721 000 000", None);
    one("+44 20 7946 0000", "phone", "warn", "+44 20 7946 0000", None);
    one("тел. 064/000-00-00", "phone", "warn", "064/000-00-00", None);
    one("τηλ: 210 000 0000", "phone", "warn", "210 000 0000", None);
    for text in [
        "ASTRA: +381 11 785 0000",
        "ASTRA: 00381 11 7850000",
        "tel. 011 785 0000",
        "tel 116 111",
        "telefon 0800 800 678",
        "of the directory: +381 (0)11 000 00 01",
        "on 12.03.2026, 14:00",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn addresses_are_asked_about_but_for_those_of_everybody() {
    one("write to jane.roe@example.org.", "email", "warn", "jane.roe@example.org", None);
    one("jane.roe (at) example.org", "email", "warn", "jane.roe (at) example.org", None);
    one("mail:ｊａｎｅ＠example.org", "email", "warn", "ｊａｎｅ＠example.org", None);
    for text in ["info@example.org", "Ana.Directory@demo.egida.example", "a@b", "@jane", "see you @ 5"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn places_on_the_map_and_plates_are_asked_about() {
    one("at 44.81251, 20.46121 now", "coordinates", "warn", "44.81251, 20.46121", None);
    one("at 51.507° N, 0.127° W", "coordinates", "warn", "51.507° N, 0.127° W", None);
    one("44°48'45\"N 20°27'40\"E", "coordinates", "warn", "44°48'45\"N", None);
    one("таблице: НЅ 0000-ВВ".replace('Ѕ', "S").as_str(), "plate", "warn", "НS 0000-ВВ", None);
    one("targa AA 000 AA", "plate", "warn", "AA 000 AA", None);
    for text in ["versions 1.2345, 2.3456", "AA 000 AA", "at 20 °C", "a plate of food for 100 people"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn what_looks_like_an_identifier_and_is_none_is_left_alone() {
    for text in [
        "Directive 2011/36/EU, Official Gazette 88/2005",
        "ISBN 978-0-306-40615-7",
        "9780306406157",
        "550e8400-e29b-41d4-a716-446655440000",
        "https://egida.example/channels/0190a5c2-7b1e-7c3a-9d2f-0123456789ab",
        "ticket #1234567892",
        "2010-10-02 14:33, 2011-01-03 10:22",
        "measured 0.1234567892 and 1.2345678920",
        "000000000 AFM",
        "on 1.2.2026 at 10.30, room 12",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn numbers_are_masked_where_they_stand() {
    let text = "ЕГН 00 12 31 0000? ЈМБГ: ०१०१९०१-७१०००८!";
    let findings = scan(text, &setting());
    assert_eq!(findings.iter().filter(|finding| finding.severity == Severity::Block).count(), 1);
    assert_eq!(mask(text, &findings), "ЕГН 00 12 31 0000? ЈМБГ: •••••••••!");
}

#[test]
fn a_text_is_shown_as_it_is_read() {
    let read = normalise("ＪМБГ\u{200b}: ٠١–０1");
    assert_eq!(read.text, "jmбг: 01-01");
    assert_eq!(read.places[0], 0..3);
}
