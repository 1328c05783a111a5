//! Which language a text is in.

use egida_text::{Language, fold, language};

use Language::{Albanian, Bulgarian, English, French, Greek, Macedonian, Romanian, SouthSlavic};

const SENTENCES: [(Language, &str); 40] = [
    (Albanian, "Fëmija u gjet pranë kufirit dhe është tani në strehë."),
    (Albanian, "A mund të na ndihmoni me një përkthyes për nesër?"),
    (Albanian, "Policia e qytetit raportoi për dy raste të reja."),
    (Albanian, "Kush është kujdestari i saj?"),
    (Albanian, "Duhet të presim vendimin e gjykatës."),
    (SouthSlavic, "Dete je nađeno blizu granice i sada je u prihvatilištu."),
    (SouthSlavic, "Da li nam neko može pomoći oko prevodioca za sutra?"),
    (SouthSlavic, "Дете је нађено близу границе и сада је на сигурном."),
    (SouthSlavic, "Ко је њен старатељ и када долази?"),
    (SouthSlavic, "Djevojčica nije željela razgovarati s policijom."),
    (SouthSlavic, "Treba sačekati odluku suda."),
    (SouthSlavic, "Полиција је пријавила два нова случаја."),
    (Bulgarian, "Детето беше намерено близо до границата и сега е в убежище."),
    (Bulgarian, "Може ли някой да ни помогне с преводач за утре?"),
    (Bulgarian, "Кой е нейният настойник?"),
    (Bulgarian, "Трябва да изчакаме решението на съда."),
    (Bulgarian, "Полицията съобщи за два нови случая."),
    (Macedonian, "Детето беше најдено близу границата и сега е во засолниште."),
    (Macedonian, "Може ли некој да ни помогне со преведувач за утре?"),
    (Macedonian, "Кој е нејзиниот старател?"),
    (Macedonian, "Треба да ја почекаме одлуката на судот."),
    (Macedonian, "Полицијата извести за два нови случаи во градот."),
    (Romanian, "Copilul a fost găsit lângă frontieră și acum este într-un adăpost."),
    (Romanian, "Ne poate ajuta cineva cu un interpret pentru mâine?"),
    (Romanian, "Cine este tutorele ei?"),
    (Romanian, "Trebuie să așteptăm hotărârea instanței."),
    (Romanian, "Poliția a raportat două cazuri noi."),
    (Greek, "Το παιδί βρέθηκε κοντά στα σύνορα."),
    (Greek, "Ποιος είναι ο επίτροπός της;"),
    (English, "The child was found near the border and is now in a shelter."),
    (English, "Can anybody help us with an interpreter for tomorrow?"),
    (English, "Who is her guardian?"),
    (English, "We must wait for the decision of the court."),
    (English, "Police reported two new cases in the city."),
    (French, "L'enfant a été trouvé près de la frontière et se trouve dans un refuge."),
    (French, "Quelqu'un peut-il nous aider avec un interprète pour demain ?"),
    (French, "Qui est sa tutrice ?"),
    (French, "Il faut attendre la décision du tribunal."),
    (French, "La police a signalé deux nouveaux cas dans la ville."),
    (SouthSlavic, "Хвала, јавите нам шта сте сазнали од школе."),
];

#[test]
fn a_sentence_says_its_language() {
    let wrong: Vec<_> = SENTENCES.iter().filter(|(own, text)| language(text, None) != Some(*own)).collect();
    assert!(wrong.is_empty(), "{:#?}", wrong.iter().map(|(own, text)| (own, language(text, None), text)).collect::<Vec<_>>());
}

/// Phones without the keys: nothing but the words is left to tell a language by.
#[test]
fn a_sentence_without_marks_says_its_language() {
    let latin = |own: &Language, text: &str| !matches!(own, Bulgarian | Macedonian | Greek) && !text.contains('е');
    let plain = SENTENCES.iter().filter(|(own, text)| latin(own, text));
    let wrong: Vec<_> = plain.filter(|(own, text)| language(&fold(text), None) != Some(*own)).collect();
    assert!(
        wrong.is_empty(),
        "{:#?}",
        wrong.iter().map(|(own, text)| (own, language(&fold(text), None), text)).collect::<Vec<_>>()
    );
}

#[test]
fn the_author_decides_where_the_text_does_not() {
    for silent in ["", "112 / 116 000", "OK", "👍", "Tirana", "трафик"] {
        assert_eq!(language(silent, None), None, "{silent}");
    }
    assert_eq!(language("Tirana, Skopje", Some(Romanian)), Some(Romanian));
    assert_eq!(language("трафик", Some(Bulgarian)), Some(Bulgarian));
    assert_eq!(language("трафик", Some(Macedonian)), Some(Macedonian));
    assert_eq!(language("Tirana", Some(Greek)), None);
    assert_eq!(language("χαίρετε", Some(English)), Some(Greek));
}

#[test]
fn the_text_outweighs_the_author() {
    for (own, text) in SENTENCES {
        for author in Language::ALL {
            assert_eq!(language(text, Some(author)), Some(own), "{author:?}: {text}");
        }
    }
}
