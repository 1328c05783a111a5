import { describe, expect, test } from 'vitest';
import { toCyrillic, toLatin } from './serbian';

/** Everyday words and those of the field; ekavian and ijekavian. */
const PLAIN = `
  дете деца детета дјеца дијете ђак ђаци ћуприја ћерка џеп џамија џемпер љубав љубазан људи људски њега његов његова њихов њива коњ
  коњски пољопривреда недеља недјеља понедељак учитељ учитељица родитељ родитељи породица породични школа школски училиште просјачење
  просјак присила принудно насиље насилник жртва жртве жртвама трговина трговање људима децом злоупотреба злостављање занемаривање
  искоришћавање искориштавање експлоатација заштита заштићена сигурна кућа прихватилиште центар социјални рад радник старатељ
  старатељство тужилац тужилаштво суд судија судски полиција полицајац истражитељ истрага граница гранични прелаз пријелаз избеглица
  избјеглица мигрант азил тражилац азила путовница пасош држављанин држављанство мањина мањински Ром Роми Ромкиња језик језички писмо
  превод преводилац тумач поверљивост повјерљивост безбедност безбједност сигурност интернет мрежа рачунар лозинка порука разговор
  обавештење обавијест извештај извјештај мера мјера предмет случај пракса добра примена примјена кампања превенција обука семинар
  радионица удружење организација невладина министарство здравље здравство болница лекар љекар психолог саветник савјетник помоћ
  подршка телефон позив линија СОС пријава пријавити сумња сумњив знак знакови препознавање упућивање сарадња сурадња споразум
  закон законик члан устав конвенција протокол смерница смјерница стандард индикатор најбољи интерес раст развој надзор одбор поткомитет
  џез буџет оџак Оџаци наџак срџба наруџба уџбеник џангризав хаџија Анђела Ђорђе Ћирић Њујорк Љубљана Џакарта Нађа међу међународни
  одлука поступак рок жалба пресуда казна затвор пробација сведок свједок исказ саслушање дете-сведок рођење рођендан рођак усвојење
  хранитељ хранитељство прање новца вербовање регрутовање превоз смештај смјештај дужничко ропство уцена уцјена претња пријетња
`;
/** Where Latin writes two sounds as if they were one. */
const APART = `
  надживети надживио наджњети надживљавање оджалити одживети одживјети одживљен оджвакати поджанр поджећи поджупан предживотни
  предживот инјекција инјекције инјекциони инјектор инјектирати инјицирати конјункција конјунктура конјунктив конјунктивитис конјугација
  конјугован конјектура Танјуг Танјугов ванјезички изванјезички анјон анјонски неконјугован реинјекција фелджандарм
`;
const listed = (text: string) => text.split(/\s+/).filter(Boolean);

describe('both scripts', () => {
  const words = [...listed(PLAIN), ...listed(APART)];

  test('at least 200 words come back from Latin as they were', () => {
    expect(new Set(words).size).toBeGreaterThan(240);
    for (const word of words) expect(toCyrillic(toLatin(word))).toBe(word);
  });

  test('they do in capitals, and with one', () => {
    for (const word of words) {
      expect(toCyrillic(toLatin(word.toUpperCase()))).toBe(word.toUpperCase());
      const begun = word[0]!.toUpperCase() + word.slice(1);
      expect(toCyrillic(toLatin(begun))).toBe(begun);
    }
  });

  test('no letter of Cyrillic is left, none comes in', () => {
    for (const word of words) {
      expect(toLatin(word)).not.toMatch(/\p{Script=Cyrillic}/u);
      expect(toCyrillic(toLatin(word))).not.toMatch(/\p{Script=Latin}/u);
    }
  });
});

describe('Cyrillic in Latin', () => {
  test.each([
    ['Љиљана и Џорџ, Ђурђевдан', 'Ljiljana i Džordž, Đurđevdan'],
    ['ЉУБАВ, ЊЕГОШ, ЏЕП', 'LJUBAV, NJEGOŠ, DŽEP'],
    ['Љ. Петровић, Њ', 'Lj. Petrović, Nj'],
    ['с́утра, З́еница, С́ЕВЕР', 'śutra, Źenica, ŚEVER'],
    ['Заштита деце ЗДД-12', 'Zaštita dece ZDD-12'],
  ])('%s', (cyrillic, latin) => {
    expect(toLatin(cyrillic)).toBe(latin);
  });

  test('words with letters of other languages stay', () => {
    for (const word of ['щастие', 'Ѓорѓи', 'ноќ', 'ѕвезда', 'край', 'объект', 'деца1']) expect(toLatin(word)).toBe(word);
  });

  test('what is Latin already stays', () => {
    expect(toLatin('Žrtva, victim, 2026')).toBe('Žrtva, victim, 2026');
  });
});

describe('Latin in Cyrillic', () => {
  test.each([
    ['LJUBAV i Ljubav', 'ЉУБАВ и Љубав'],
    ['NADŽIVETI, TANJUG, Injekcija', 'НАДЖИВЕТИ, ТАНЈУГ, Инјекција'],
    ['odžak i odžalost, nadžak, Odžaci', 'оџак и оджалост, наџак, Оџаци'],
    ['ǈiǉana i Ǆep', 'Љиљана и Џеп'],
    ['I deca i rad', 'И деца и рад'],
    ['10-godišnji', '10-годишњи'],
  ])('%s', (latin, cyrillic) => {
    expect(toCyrillic(latin)).toBe(cyrillic);
  });

  test('marks that are written apart are one letter', () => {
    expect(toCyrillic('z\u030Crtva')).toBe('жртва');
  });

  test('numerals and foreign words stay', () => {
    for (const word of ['XIV', 'II', 'VIII', 'Schengen', 'Facebook', 'Rossi', 'Wi', 'query', 'copiilor2', 'fëmijë', 'protecția', 'ž_ž', 'KN95']) {
      expect(toCyrillic(word)).toBe(word);
    }
    expect(toCyrillic('VI i LI')).toBe('VI и ЛИ');
  });
});
