/**
 * Whether a text is Serbian, Bosnian, Croatian or Montenegrin, which are one here, by its letters and its small words. Made
 * to leave alone what it isn't sure of: Bulgarian, Macedonian, Romanian, Albanian, English and French stay as they are. Pure.
 */

export type Script = 'latin' | 'cyrillic';

const words = (text: string) => new Set(text.split(' '));
const beginning = (stems: string) => new RegExp(`^(?:${stems.replaceAll(' ', '|')})`);

/** Small words that no neighbour has, and the words of the field; what several languages have counts for none. */
const OWN: Record<Script, Set<string>> = {
  latin: words(
    'je su smo ste nije nisu nema ima za od iz kod kroz bez ili jer ako kao koji koja koje koju kojih kojim kojima kad kada gde ' +
      'gdje što šta sta tako još jos već vec samo može moze mogu treba bi bih bio bila bilo bili bude budu ovo ova ove ovaj ovog tog ' +
      'toga svi sve svih svim svima nam njih njega između izmedju zbog prije posle poslije prema preko nakon hvala molim danas sutra ' +
      'deca dece decu decom djeca djece djecu djecom djeci dete dijete ko centar centra centru',
  ),
  cyrillic: words(
    'је су у није нису ће код кроз али јер као који која које коју којих којим којима када где гдје шта још већ смо сте бити био била ' +
      'било ово овај овог свих свим због прије између хвала молим данас сутра један једна једно једном ' +
      'више пре преко зато нико неко свако ево сви обоје ипак уместо умјесто деце децу децом деци дјеца дјеце дјецу дјецом дјеци',
  ),
};
const OTHERS: Record<Script, Set<string>> = {
  latin: words(
    'the of and in is are for we with that it this be by at from not was were have has our your they their who what when how ' +
      'le la les des du et un une dans est que qui pour sur avec nous vous cu pe este sunt nu pentru din mai prin sau fost copii copiilor ' +
      'copil oui merci suis avons dhe të në për nga një nje që nuk është eshte janë jane ose kjo fëmijë femije',
  ),
  cyrillic: words(
    'во со е кај дека кога ги го јас тоа оваа овие нив ние сите сум в с че това от към ще като който която което които както тази този ' +
      'беше съм колку толку неколку отколку доколку преку между върху',
  ),
};
/** How words begin that are often in what is said here, and how words end in these languages alone. */
const STEMS: Record<Script, RegExp> = {
  latin: beginning(
    '[žz]rtv trgov prosj za[šs]tit [šs]kol nasilj porod obitelj malolj?et polic[ai]j socijal tu[žz]il granic[aeiu] rodit u[čc]enik ' +
      'nastav vaspit savj?et pravn zlou iskori pri(?:siln|nudn) procj?en',
  ),
  cyrillic: beginning('просјачењ сумњ принудн трговин породи[цч] малољ?ет тужил васпит савј?ет злоуп искориш'),
};
const ENDINGS: Record<Script, RegExp> = {
  latin: /cij[aeiou]|ivost$|..(?:nje|nju|njem|njima|skog|skih|skim|skoj|stvo|stva|stvom|ovima|evima|ijama|ovati)$/,
  // Cases, infinitives and the first person, which Bulgarian and Macedonian have lost or made otherwise; the yat of the west.
  cyrillic: /љ|^њ|[бвгдзжкмпрстфхцчш]њ|[внпст]ј|ије|...(?:има|ама|ога|ом|их|[нквт]ог|ањем|ењем|ским|ској|овати|ује|ују|у)$|....(?:мо|им)$/,
};
/** Their articles, which stand behind the noun, and what Macedonian alone has. */
const ARTICLES = /...(?:ството|јата|ците|[нк]иот|ските|ската|ното|вите|ната|тите|носта|[^ј]ето)$|....от$|.....ува(?:ње)?$/;

/** Letters of these languages that none of the others has. */
const LETTERS: Record<Script, RegExp> = { latin: /[čćđšž]/, cyrillic: /[ђћ]/ };
/** Letters that these languages don't have. */
const STRANGE: Record<Script, RegExp> = {
  latin: /[^abcčćdđefghijklmnoprsśštuvzźž]/,
  cyrillic: /[^абвгдђежзијклљмнњопрстћуфхцчџш\u0301]/,
};
const OF: Record<Script, RegExp> = { latin: /\p{Script=Latin}/u, cyrillic: /\p{Script=Cyrillic}/u };

/** What its words in one script say: above 0 for these languages, below for another, 0 where nothing says so. */
export function kinship(text: string, script: Script): number {
  const found = text.normalize('NFC').toLowerCase().match(/[\p{L}\u0301]+/gu)?.filter((word) => OF[script].test(word)) ?? [];
  let sum = 0;
  for (const [index, word] of found.entries()) {
    // In Serbian it can't come first; in French it does.
    if (index === 0 && word === 'je') continue;
    if (STRANGE[script].test(word)) sum -= script === 'cyrillic' ? 2 : 1;
    else if (OTHERS[script].has(word) || (script === 'cyrillic' && ARTICLES.test(word))) sum -= 1;
    else if (LETTERS[script].test(word)) sum += script === 'cyrillic' ? 3 : 1;
    else if (OWN[script].has(word) || STEMS[script].test(word) || ENDINGS[script].test(word)) sum += 1;
  }
  return sum;
}

/** Whether a text is in one of these languages, in either script. */
export function isSerbian(text: string): boolean {
  return kinship(text, 'latin') > 0 || kinship(text, 'cyrillic') > 0;
}
