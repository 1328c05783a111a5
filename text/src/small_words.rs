//! The small words that no sentence does without, and that tell languages of one script apart.

use std::sync::LazyLock;

use crate::language::Language::{self, Albanian, Bulgarian, English, French, Macedonian, Romanian, SouthSlavic};

/// Every small word of the lists below with the languages that have it, sorted.
pub(crate) static SMALL_WORDS: LazyLock<Vec<(&str, Vec<Language>)>> = LazyLock::new(|| {
    let mut all: Vec<(&str, Vec<Language>)> = Vec::new();
    for (language, list) in LISTS {
        for word in list.split_whitespace() {
            match all.iter_mut().find(|(known, _)| *known == word) {
                Some((_, languages)) => languages.push(language),
                None => all.push((word, vec![language])),
            }
        }
    }
    all.sort_unstable_by_key(|(word, _)| *word);
    all
});

/// Articles, pronouns, adverbs, prepositions, conjunctions and auxiliary verbs of each language, as folding spells them. Greek needs
/// none: it is alone with its script.
const LISTS: [(Language, &str); 7] = [
    (
        Albanian,
        "ai ajo ata atje ato behet cdo cfare cila cilat cilet cili deri dhe dikush disa dje do duhet duke e edhe eshte
         faleminderit i ishin ishte ja jane je jemi jo ju ka kam kane kemi keni kete keto ketu kishte kjo ku kur kush ky lidhur
         mbi me mes midis mire mund mundet na ndaj ndonje ne nen nese neser nga nje njeri nuk ose pa para pas per pershendetje
         po por pra prane prej pse qe qene rreth s sa saj se sepse si sipas sone sot tani te tek tij tjera tjeter tone tuaj
         tyre u une vetem yne",
    ),
    (
        SouthSlavic,
        "a ako ali bez bi bice bila bili bilo bio bismo biti blizu ce cemo da dali danas do dok ga gde gdje hoce hvala i ih ili
         im ima imaju imam imamo iz izmedju ja je jedan jedna jedno jer jesmo jeste jesu jos ju juce jucer kad kada kako kao ko
         kod koga koja koje kojem koji kojim kojima kojoj koju kome kroz li mi mogu molim mora moraju moze mozete mu na nad
         nakon nam nama nas nasa nase nece necemo nego neki neko nekoliko nema netko nije nisam nisi nismo nisu njega njegov
         njen njih njihov o od odmah oko on ona oni ono osim ova ovaj ovde ovdje ove ovo ovog pa po pod posle poslije pre preko
         prema pri prije radi s sa sad sada sam samo se smo sta ste sto su sutra sva svaki sve svi svih svoje svoju ta tada taj
         tamo te ti to tog toga tome treba trebamo tu u uz vam vas vasa vase vec vi vrlo za zasto zato zbog zeli zelim",
    ),
    (
        Bulgarian,
        "a ako az badat bade be beha bese bez bil bila bili bjaha blagodarja blizo ce cesto da dali dnes do dokato dori e edin
         edna edni edno i ili im ima imame imat iz ja kade kak kakto kakvo kam kato koeto koga kogato koito koj kojato kojto li
         me mezdu mi mnogo moga mogat molja moze mu na nad nas nasa nasata ne nego neja nejnata nejnijat neka nesto ni nie
         nikoj njakoj njama o okolo oste ot pak po pod pred predi prez pri s sa sam samo se sega si sled ste taka tam tazi te
         tezi ti tja tjah to togava toj tova tozi trjabva tuk u utre v vas vasa vav vcera vece vie vinagi vse vseki vsicki
         vsjaka vsjaki za zasto zastoto",
    ),
    (
        Macedonian,
        "a ako bea bese bez bi bidat bide bile blagodaram blizu da dali deka denes do dodeka duri e eden edna edni edno gi go i
         ili im ima imaat imame imate istoto iz ja jas kade kaj kako ke kje koe koga koi koj koja kon li me megju mi mnogu
         molam mora mozat moze mu na nad nas nasa nasiot ne nego nejze nejziniot nekoj nekoja nema ni nie niv nivniot no od
         okolu on onaa onoj otkako ova ovaa ovde ovie ovoj pa po pod pokraj poradi pred preku pri pritoa sakame samo se sega
         sekoj site sme so spored ste sto sum taa taka tamu te tie toa togas toj treba tuka u uste utre vas vasa vcera ve vie
         vo vrz za zosto",
    ),
    (
        Romanian,
        "a acea aceasta aceea acest aceste acestea acestia acestor acestui acolo acum ai aici al ale am ar are as asa asta
         atunci au avea avem aveti azi buna ca cand care carei caror catre ce cea cei cel cele celor chiar cine cineva cu cum
         da daca dar de deci deja despre din dintre doar dupa ea ei el ele era erau este eu face fara fi fie fiecare fiind
         foarte fost iar ieri ii il in inca intr intre isi la langa le li lor lui mai maine mea mei multe multi multumesc ne ni
         nici nimeni noastra noastre noi nostru nu o ori pana pe pentru peste poate pot prin printr s sa sai sau se si spre sub
         sunt te toate tot toti trebuie un una unde unei unele unor unui va vom vor vreau",
    ),
    (
        English,
        "a about after again all also an and any anybody anyone are as at be because been before being but by can could did do
         does for from had has have he hello her here him his how i if in into is it its just may me more must my near need no
         not now of on once one or our out over own please she should since so some somebody someone such than thanks that the
         their them then there these they this those to today tomorrow two under until up us very was we were what when where
         which while who whom whose why will with within would yes yesterday you your",
    ),
    (
        French,
        "a afin ai ainsi alors apres au aucun aujourd aussi autre autres aux avant avec avez avoir avons bonjour c car ce cela
         celle celles celui ces cet cette ceux chaque chez comme comment contre d dans de deja demain depuis des deux doit donc
         dont du elle elles en encore entre est et etait ete etre eu eux faut hier hui ici il ils j je jusqu l la le les leur
         leurs lors lorsque lui m ma maintenant mais meme merci mes moi moins mon n ne ni nos notre nous on ont ou par parce
         pas pendant personne peu peut peuvent plus pour pourquoi pres qu quand que quel quelle quelles quelqu quels qui s sa
         sans se selon sera ses si soit son sont sous sur ta tous tout toute toutes tres un une vers vos votre vous y",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    #[test]
    fn the_lists_are_folded_sorted_and_single() {
        for (language, list) in LISTS {
            assert_eq!(fold(list), list);
            assert!(list.split_whitespace().collect::<Vec<_>>().is_sorted_by(|one, next| one < next), "{language:?}");
        }
    }
}
