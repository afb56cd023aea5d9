//! Bytes with checks between them, so that damage is found where it is.
//!
//! The first byte says whether the rest is compressed. Then come blocks of up to 8 bytes, each followed by a
//! check of everything so far; so the last check is a check of the whole. A check has 16 bits: it finds every
//! change of up to 16 bits in a row, which is more than two characters of a link, and any other change but for
//! one in 65,536. Blocks have a fixed size, so damage cannot move where the next check is looked for. They
//! stand outside the compression, so whatever is unfolded is undamaged.

use super::MAX_BODY;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

/// How many bytes stand before a check.
const BLOCK: usize = 8;
/// What is not longer than this is not compressed: there, damage costs only the steps around it.
const PLAIN_UP_TO: usize = 256;
/// How many bytes a check has.
const CHECK: usize = 2;
const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

/// Adds checks, and compresses where that makes it shorter.
pub fn wrap(body: &[u8], seed: &[u8]) -> Vec<u8> {
    let deflated = compress_to_vec(body, 9);
    let (kind, data) = if body.len() > PLAIN_UP_TO && deflated.len() < body.len() {
        (DEFLATED, &deflated[..])
    } else {
        (PLAIN, body)
    };
    let mut check = crc(crc(0xFFFF, seed), &[kind]);
    let mut out = vec![kind];
    for block in data.chunks(BLOCK) {
        check = crc(check, block);
        out.extend_from_slice(block);
        out.extend_from_slice(&check.to_be_bytes());
    }
    out
}

/// What was wrapped, as far as it is undamaged.
pub struct Unwrapped {
    /// The bytes.
    pub body: Vec<u8>,
    /// Whether no damage was found. What is cut off right after a check looks undamaged.
    pub whole: bool,
}

/// Takes the checks out again, up to the first that does not fit.
pub fn unwrap(bytes: &[u8], seed: &[u8]) -> Unwrapped {
    let nothing = Unwrapped { body: Vec::new(), whole: false };
    let Some((kind, rest)) = bytes.split_first() else { return nothing };
    let mut check = crc(crc(0xFFFF, seed), &[*kind]);
    let mut data = Vec::with_capacity(rest.len());
    let mut whole = true;
    for chunk in rest.chunks(BLOCK + CHECK) {
        let (block, found) = chunk.split_at(chunk.len().saturating_sub(CHECK));
        check = crc(check, block);
        if block.is_empty() || found != check.to_be_bytes() {
            whole = false;
            break;
        }
        data.extend_from_slice(block);
    }
    match *kind {
        PLAIN => Unwrapped { body: data, whole },
        DEFLATED => {
            let (body, ended) = inflate(&data);
            Unwrapped { body, whole: whole && ended }
        }
        _ => nothing,
    }
}

/// Unfolds as much as there is, up to [`MAX_BODY`] bytes; and whether that was all of it.
fn inflate(data: &[u8]) -> (Vec<u8>, bool) {
    // No byte unfolds to more than 1032.
    let mut out = vec![0; data.len().saturating_mul(1032).min(MAX_BODY)];
    let mut state = Box::<DecompressorOxide>::default();
    let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, _, len) = decompress(&mut state, data, &mut out, 0, flags);
    out.truncate(len);
    (out, status == miniz_oxide::inflate::TINFLStatus::Done)
}

/// CRC-16 (CCITT polynomial), continued from `check`.
fn crc(check: u16, bytes: &[u8]) -> u16 {
    bytes.iter().fold(check, |mut check, byte| {
        check ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            check = if check & 0x8000 == 0 { check << 1 } else { check << 1 ^ 0x1021 };
        }
        check
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_is_the_published_one() {
        // CRC-16/CCITT-FALSE of the standard test string.
        assert_eq!(crc(0xFFFF, b"123456789"), 0x29B1);
    }

    #[test]
    fn what_is_wrapped_comes_out_again() {
        for len in [0, 1, 15, 16, 17, 200] {
            let body: Vec<u8> = (0..len).map(|i| (i * 37 % 251) as u8).collect();
            let Unwrapped { body: again, whole } = unwrap(&wrap(&body, b"x"), b"x");
            assert!(whole && again == body, "{len}");
        }
        let long = vec![7; 5000];
        let wrapped = wrap(&long, b"x");
        assert!(wrapped.len() < 120 && unwrap(&wrapped, b"x").body == long);
        assert!(!unwrap(&wrapped, b"y").whole);
    }
}
