//! The recovery key: printed once, kept by its person on paper, typed by hand when nothing else opens.

use zeroize::Zeroizing;

use crate::base::secret;

/// Bytes of randomness: 200 bits, eight groups of five characters.
const BYTES: usize = 25;
/// Characters of a group.
const GROUP: usize = 5;
/// Digits and letters without I, L, O and U (Crockford's base 32): none is taken for another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new recovery key, in groups: `7K2QM-…`.
pub(super) fn make() -> Zeroizing<String> {
    let bytes = Zeroizing::new(secret::random::<BYTES>());
    Zeroizing::new(written(&bytes[..]))
}

/// The characters of a recovery key as somebody types it: in small letters, without its dashes, with O for 0. `None` if it
/// can't be one.
pub(super) fn read(typed: &str) -> Option<Zeroizing<String>> {
    let read: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let known = read.len() == BYTES * 8 / 5 && read.bytes().all(|c| ALPHABET.contains(&c));
    known.then(|| Zeroizing::new(read))
}

fn written(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut held, mut bits, mut count) = (0_u32, 0_u32, 0_usize);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            if count > 0 && count.is_multiple_of(GROUP) {
                out.push('-');
            }
            out.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
            count += 1;
        }
        held &= (1 << bits) - 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_in_groups_and_read_as_it_is_typed() {
        let key = make();
        assert_eq!(key.len(), 40 + 7);
        assert!(key.split('-').all(|group| group.len() == GROUP));
        let read_back = read(&key).expect("a key");
        assert_eq!(*read_back, key.replace('-', ""));
        let typed = key.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(read(&typed).as_deref(), Some(&*read_back), "{typed}");
        assert!(read("").is_none() && read(&key[1..]).is_none() && read(&"U".repeat(40)).is_none());
        assert_ne!(*key, *make());
    }

    #[test]
    fn every_bit_is_written() {
        assert_eq!(written(&[0xff; BYTES]).replace('-', ""), "Z".repeat(40));
        assert_eq!(written(&[0; BYTES]).replace('-', ""), "0".repeat(40));
        assert_eq!(written(&[0x08, 0x42, 0x10, 0x84, 0x21]), "11111-111");
    }
}
