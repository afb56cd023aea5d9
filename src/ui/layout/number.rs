//! Numbers for attributes.
//!
//! On the page, the standard library's way of writing fractions, which is right to the last digit, costs 15 KB
//! of program. A drawing needs no more than this.

use std::fmt;

/// A number with a fixed count of digits after the point.
#[derive(Clone, Copy)]
pub struct Fixed {
    value: f64,
    digits: u8,
}

/// A place or a size, to a tenth.
pub fn tenth(value: f64) -> Fixed {
    Fixed { value, digits: 1 }
}

/// A scale, to four digits.
pub fn scale(value: f64) -> Fixed {
    Fixed { value, digits: 4 }
}

impl fmt::Display for Fixed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10u64.pow(u32::from(self.digits));
        let all = (self.value.abs() * unit as f64).round_ties_even() as u64;
        let sign = if self.value < 0.0 { "-" } else { "" };
        write!(out, "{sign}{}.{:0digits$}", all / unit, all % unit, digits = usize::from(self.digits))
    }
}

/// What lies nearest to a number between two others. The standard library's `clamp` brings along how to write
/// fractions, for when the two are the wrong way round.
pub fn between(value: f64, least: f64, most: f64) -> f64 {
    value.min(most).max(least)
}

/// An outline through points: one verb for each.
pub fn outline(verbs: &str, points: &[(f64, f64)]) -> String {
    let each = verbs.chars().zip(points);
    each.map(|(verb, (x, y))| format!("{verb}{} {}", tenth(*x), tenth(*y))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        for i in -4_000..4_000 {
            // Quarters, so that no place is a hair from the middle of two tenths without being it.
            let value = f64::from(i) / 4.0;
            assert_eq!(tenth(value).to_string(), format!("{value:.1}"));
            assert_eq!(scale(value).to_string(), format!("{value:.4}"));
        }
        assert_eq!(tenth(1234.56).to_string(), "1234.6");
        assert_eq!(scale(2.0 / 3.0).to_string(), "0.6667");
    }
}
