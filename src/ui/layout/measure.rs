//! How wide a text will be, near enough to place it: the browser is not asked, so that the same run gives
//! the same figure everywhere.

/// The size of labels.
pub const LABEL: f64 = 12.0;
/// The size of what a machine wrote.
pub const CODE: f64 = 11.5;
/// The size of what is written in pencil.
pub const HAND: f64 = 14.5;

/// The width of a text in the labels' typeface.
pub fn label(text: &str) -> f64 {
    sans(text, LABEL)
}

/// The width of a text as its class has it drawn.
pub fn classed(class: &str, text: &str) -> f64 {
    let is = |word: &str| class.split(' ').any(|c| c == word);
    let size = if is("big") { 14.0 } else { LABEL };
    sans(text, size) * if is("b") { 1.07 } else { 1.0 }
}

/// The width of a text in a proportional typeface.
pub fn sans(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// The width of a text in a typeface whose letters are all equally wide.
pub fn code(text: &str) -> f64 {
    text.chars().map(|c| if wide(c) { 1.0 } else { 0.61 }).sum::<f64>() * CODE
}

/// Whether a letter is as wide as it is high, as in Chinese.
pub fn wide(c: char) -> bool {
    c >= '\u{2e80}'
}

fn em(c: char) -> f64 {
    match c {
        _ if wide(c) => 1.0,
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '’' | ' ' => 0.31,
        'f' | 'r' | 't' | '(' | ')' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' => 0.88,
        'A'..='Z' | '0'..='9' | '+' | '=' => 0.66,
        _ => 0.59,
    }
}
