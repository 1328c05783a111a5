/**
 * Values of a file as both browsers write them before they are hashed, so that the same thing typed in two countries is the same.
 * Changing anything here breaks the agreement of two versions: then `VERSION` in `blinding.ts` changes, too.
 */
export const KINDS = ['phone', 'document', 'plate', 'account', 'name', 'handle'] as const;
export type Kind = (typeof KINDS)[number];

/** What numbers of the region's countries begin with (E.164), for those that are written as at home. */
export const CALLING: Record<string, string> = { AL: '355', BA: '387', BG: '359', GR: '30', HR: '385', MD: '373', ME: '382', MK: '389', RO: '40', RS: '381', XK: '383' };

const CYRILLIC: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', ђ: 'dj', ѓ: 'gj', е: 'e', ж: 'z', з: 'z', ѕ: 'dz', и: 'i', ј: 'j', к: 'k', ќ: 'kj', л: 'l', љ: 'lj', м: 'm',
  н: 'n', њ: 'nj', о: 'o', п: 'p', р: 'r', с: 's', т: 't', ћ: 'c', у: 'u', ф: 'f', х: 'h', ц: 'c', ч: 'c', џ: 'dz', ш: 's', щ: 'st', ъ: 'a', ь: '', ю: 'ju', я: 'ja', э: 'e', ы: 'i', ё: 'e',
};
const GREEK: Record<string, string> = {
  α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n', ξ: 'x', ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o',
};
const LATIN: Record<string, string> = { đ: 'dj', ð: 'd', ł: 'l', ø: 'o', ß: 'ss', ı: 'i', æ: 'ae', œ: 'oe' };
/** Capitals of plates and papers that look the same in three scripts. */
const ALIKE: Record<string, string> = {
  А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', У: 'Y', Х: 'X', Ј: 'J', Ѕ: 'S', І: 'I',
  Α: 'A', Β: 'B', Ε: 'E', Ζ: 'Z', Η: 'H', Ι: 'I', Κ: 'K', Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T', Υ: 'Y', Χ: 'X',
};

/** Small Latin letters without marks. */
function latin(text: string): string {
  const bare = text.normalize('NFKC').toLowerCase().normalize('NFD').replace(/(?![\u0306\u030c])\p{M}/gu, '');
  // A breve or caron makes another Cyrillic letter (й); elsewhere it is a mark like any other.
  const joined = bare.normalize('NFC');
  return [...joined].map((c) => CYRILLIC[c] ?? (c === 'й' ? 'j' : undefined) ?? GREEK[c] ?? LATIN[c] ?? c).join('').normalize('NFD').replace(/\p{M}/gu, '');
}

/** Digits and capital letters; what looks the same is the same. */
function signs(text: string): string {
  const capitals = [...text.normalize('NFKC').toUpperCase().normalize('NFD').replace(/\p{M}/gu, '')].map((c) => ALIKE[c] ?? c).join('');
  return latin(capitals).toUpperCase().replace(/[^A-Z0-9]/g, '');
}

function phone(text: string, country: string): string {
  const written = text.normalize('NFKC').replace(/\(0\)/g, '').replace(/[^\d+]/g, '');
  const code = CALLING[country];
  let digits = '';
  if (/^\+\d+$/.test(written)) digits = written.slice(1);
  else if (/^00\d+$/.test(written)) digits = written.slice(2);
  else if (/^0\d+$/.test(written) && code) digits = code + written.slice(1);
  // In Greece numbers begin with their own digits.
  else if (/^[26]\d{9}$/.test(written) && country === 'GR') digits = code + written;
  return digits.length >= 8 && digits.length <= 15 && !digits.startsWith('0') ? `+${digits}` : '';
}

/** A value as both sides write it; '' if it is none of its kind. `country`: of telephone numbers that are written as at home. */
export function normalised(kind: Kind, text: string, country: string): string {
  switch (kind) {
    case 'phone':
      return phone(text, country);
    case 'document':
    case 'plate':
    case 'account': {
      const value = signs(text);
      return value.length >= 4 && value.length <= 40 && /\d/.test(value) ? value : '';
    }
    case 'name': {
      const words = latin(text).split(/[^a-z]+/).filter(Boolean);
      return words.length > 1 ? words.sort().join(' ') : '';
    }
    case 'handle': {
      const value = latin(text.trim()).replace(/^@/, '');
      return /^[a-z0-9._@+-]{3,80}$/.test(value) ? value : '';
    }
  }
}

/** Lines as values: those that could be read, each once, and the numbers of the lines that couldn't. */
export function read(kind: Kind, text: string, country: string): { values: string[]; wrong: number[] } {
  const values = new Set<string>();
  const wrong: number[] = [];
  text.split('\n').forEach((line, at) => {
    if (!line.trim()) return;
    const value = normalised(kind, line, country);
    if (value) values.add(`${kind}:${value}`);
    else wrong.push(at + 1);
  });
  return { values: [...values], wrong };
}
