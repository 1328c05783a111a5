import { expect, test } from 'vitest';
import { isSerbian } from './kinship';

test.each([
  'Žrtve trgovine decom',
  'Zrtve trgovine decom na granici',
  'Prosjačenje djece u gradu',
  'Kako prijaviti nasilje',
  'Trgovina ljudima: obuka za nastavnike i socijalne radnike',
  'Жртве трговине децом',
  'Просјачење деце у школама',
  'Сумња на принудни рад',
  'Обука за васпитаче',
  'Деца и млади: шта је урађено',
  'Моја тастатура има оба писма и нема времена ни за једно',
  'Prisilni rad: indikatori za gradilišta',
  'Radna eksploatacija',
  'A ko zove centar u 21 sat?',
  'Његова пријава стиже до тима',
  'Тражимо кратке индикаторе за мобилне тимове',
  'Двије молбе и један приједлог',
  'A to je Alija rekao',
  'Poslali smo upitnik The Hague centru, ali nije bilo odgovora',
])('theirs: %s', (text) => {
  expect(isSerbian(text)).toBe(true);
});

test.each([
  '',
  '2026',
  'General',
  'The practice of the centre in Čačak and Niš is described in the annex',
  'We are asking for training on forced begging',
  'La traite des enfants en Serbie',
  'Je confirme.',
  'Cerșetoria forțată a copiilor din școli',
  'Trafic de copii',
  'Si te parandalojme trafikimin dhe lypjen e femijeve',
  'Trafikimi i fëmijëve',
  'Трафик на деца',
  'Децата са в училище',
  'Принудителна просия в училище',
  'Деца в риск',
  'Трговија со деца',
  'Децата во училиште кога се враќаат',
  'Питачење на деца кај границата со Грција',
  'Ако нема потврда, отвораме постапка. Подобро десет непотребни проверки отколку една пропуштена',
  'Сексуална експлоатација на деца',
  'најдобар интерес на детето',
  'Ми треба член од закон, не само добра волја',
  'Между двете граници',
  'Εμπορία παιδιών',
])('another’s: %s', (text) => {
  expect(isSerbian(text)).toBe(false);
});
