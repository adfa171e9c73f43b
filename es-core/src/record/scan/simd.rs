//! The search for the end of an object or array, 64 bytes at a time: bitmaps of quotes, backslashes and brackets,
//! as simdjson does it (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019). It answers exactly what
//! `container_end_portable` answers, which runs where the instructions are missing, at a quarter of the cost.
//! And the search for what ends a short string, in 16 bytes. This is the one file that may hold `unsafe`.
#![allow(unsafe_code)]

use super::broken::Broken;

/// The index after the bracket that closes the object or array whose opening bracket is before `at`. It may nest
/// `limit` levels, itself included. `portable` is asked where the instructions are missing.
#[inline]
pub(super) fn container_end(
    b: &[u8],
    at: usize,
    limit: u32,
    portable: fn(&[u8], usize, u32) -> Result<usize, Broken>,
) -> Result<usize, Broken> {
    #[cfg(target_arch = "x86_64")]
    if x86::available() {
        // SAFETY: the processor has the features, as just asked (the answer is cached by std).
        return unsafe { x86::container_end(b, at, limit) };
    }
    portable(b, at, limit)
}

/// Where the first quote or backslash of 16 bytes stands.
#[inline]
pub(super) fn string_mark(block: &[u8; 16]) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    return x86::string_mark(block);
    #[cfg(not(target_arch = "x86_64"))]
    block.iter().position(|byte| matches!(byte, b'"' | b'\\'))
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        _mm_clmulepi64_si128, _mm_cmpeq_epi8, _mm_cvtsi128_si64, _mm_loadu_si128, _mm_movemask_epi8,
        _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8, _mm256_cmpeq_epi8, _mm256_loadu_si256,
        _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    };

    use crate::record::scan::broken::{Broken, stray_backslash};

    pub(super) fn available() -> bool {
        is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("bmi1")
    }

    /// Needs no feature that a processor of this kind may lack.
    #[inline]
    pub(super) fn string_mark(block: &[u8; 16]) -> Option<usize> {
        // SAFETY: SSE2 is part of x86-64; 16 bytes are read of 16, and the load needs no alignment.
        let marks = unsafe {
            let v = _mm_loadu_si128(block.as_ptr().cast());
            let quote = _mm_cmpeq_epi8(v, _mm_set1_epi8(b'"' as i8));
            let backslash = _mm_cmpeq_epi8(v, _mm_set1_epi8(b'\\' as i8));
            _mm_movemask_epi8(_mm_or_si128(quote, backslash))
        };
        (marks != 0).then(|| marks.trailing_zeros() as usize)
    }

    /// One bit a byte of a block.
    struct Masks {
        quote: u64,
        backslash: u64,
        open: u64,
        close: u64,
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn masks(block: &[u8; 64]) -> Masks {
        let mut m = Masks { quote: 0, backslash: 0, open: 0, close: 0 };
        for half in 0..2 {
            // SAFETY: 32 bytes from 0 or 32 on lie within the 64 of the block; the load needs no alignment.
            let v = unsafe { _mm256_loadu_si256(block.as_ptr().add(half * 32).cast()) };
            // The bit 0x20 folds [ and { into one, ] and } too.
            let folded = _mm256_or_si256(v, _mm256_set1_epi8(0x20));
            let bits = |m| u64::from(_mm256_movemask_epi8(m).cast_unsigned()) << (half * 32);
            m.quote |= bits(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(b'"' as i8)));
            m.backslash |= bits(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(b'\\' as i8)));
            m.open |= bits(_mm256_cmpeq_epi8(folded, _mm256_set1_epi8(b'{' as i8)));
            m.close |= bits(_mm256_cmpeq_epi8(folded, _mm256_set1_epi8(b'}' as i8)));
        }
        m
    }

    /// Every bit becomes the parity of the bits up to it: ones between an opening quote and its closing one.
    #[target_feature(enable = "pclmulqdq")]
    #[inline]
    fn prefix_xor(bits: u64) -> u64 {
        let all = _mm_set1_epi8(-1);
        _mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_set_epi64x(0, bits.cast_signed()), all, 0)).cast_unsigned()
    }

    #[target_feature(enable = "avx2,pclmulqdq,popcnt,bmi1")]
    pub(super) fn container_end(b: &[u8], mut at: usize, limit: u32) -> Result<usize, Broken> {
        let mut depth: u32 = 1;
        let mut in_string: u64 = 0; // all ones inside a string
        let mut escaped_first: u64 = 0; // 1 when a backslash ended the block before
        let mut pad = [0; 64];
        while at < b.len() {
            let block = match b[at..].first_chunk() {
                Some(block) => block,
                None => {
                    pad[..b.len() - at].copy_from_slice(&b[at..]);
                    &pad
                }
            };
            let Masks { mut quote, backslash, mut open, mut close } = masks(block);
            if backslash | escaped_first != 0 {
                quote &= !escaped(backslash, &mut escaped_first);
            }
            let strings = prefix_xor(quote) ^ in_string;
            in_string = if strings >> 63 == 1 { u64::MAX } else { 0 };
            open &= !strings;
            close &= !strings;
            let stray = backslash & !strings;
            if stray != 0 {
                // Beyond it the bitmaps mean nothing.
                let before = (stray & stray.wrapping_neg()) - 1;
                open &= before;
                close &= before;
            }
            if stray != 0 || depth + open.count_ones() > limit || close.count_ones() >= depth {
                // The end, or one level too many, may lie in this block: look bracket by bracket.
                let mut both = open | close;
                while both != 0 {
                    let bit = both & both.wrapping_neg();
                    let index = at + bit.trailing_zeros() as usize;
                    if open & bit == 0 {
                        depth -= 1;
                        if depth == 0 {
                            return Ok(index + 1);
                        }
                    } else if depth == limit {
                        return Err(Broken::TooDeep { at: index });
                    } else {
                        depth += 1;
                    }
                    both ^= bit;
                }
                if stray != 0 {
                    return Err(stray_backslash(at + stray.trailing_zeros() as usize));
                }
            } else {
                depth = depth + open.count_ones() - close.count_ones();
            }
            at += 64;
        }
        Err(Broken::More)
    }

    /// The bytes that a backslash before them escapes; `carry` passes from block to block.
    fn escaped(backslash: u64, carry: &mut u64) -> u64 {
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let backslash = backslash & !*carry;
        let follows = backslash << 1 | *carry;
        let odd_starts = backslash & !EVEN & !follows;
        let (even_runs, overflow) = odd_starts.overflowing_add(backslash);
        *carry = u64::from(overflow);
        (EVEN ^ (even_runs << 1)) & follows
    }
}
