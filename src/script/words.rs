//! The words of a line, with the columns at which they stand.

use super::{ErrorKind, ScriptError};

/// A word of a line.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    pub text: &'a str,
    /// Counted in characters, from 1.
    pub column: usize,
}

/// The words of a line, to be taken one after the other.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    words: Vec<Word<'a>>,
    next: usize,
    line: usize,
    /// The column after the last word.
    end: usize,
}

impl<'a> Words<'a> {
    /// Splits a line at white space. `;` is a word of its own; `#` begins a comment where a word could begin.
    pub fn split(text: &'a str, line: usize) -> Words<'a> {
        let mut words = Vec::new();
        let mut start: Option<(usize, usize)> = None;
        let mut end = 1;
        for (column, (at, c)) in (1..).zip(text.char_indices()) {
            let breaks = c.is_whitespace() || c == ';';
            if let Some((from, col)) = start.filter(|_| breaks) {
                words.push(Word { text: &text[from..at], column: col });
                end = column;
                start = None;
            }
            if c == ';' {
                words.push(Word { text: &text[at..at + 1], column });
                end = column + 1;
            } else if c == '#' && start.is_none() {
                return Words { words, next: 0, line, end };
            } else if !breaks && start.is_none() {
                start = Some((at, column));
            }
        }
        if let Some((from, column)) = start {
            words.push(Word { text: &text[from..], column });
            end = column + text[from..].chars().count();
        }
        Words { words, next: 0, line, end }
    }

    /// Whether no word is left.
    pub fn is_empty(&self) -> bool {
        self.next == self.words.len()
    }

    /// The next word, which stays.
    pub fn peek(&self) -> Option<Word<'a>> {
        self.words.get(self.next).copied()
    }

    /// The next word, if there is one.
    pub fn take(&mut self) -> Option<Word<'a>> {
        let word = self.peek()?;
        self.next += 1;
        Some(word)
    }

    /// The next word; `what` says what it should be if there is none.
    pub fn need(
        &mut self,
        what: &'static str,
        possible: impl FnOnce() -> Vec<String>,
    ) -> Result<Word<'a>, ScriptError> {
        self.take().ok_or_else(|| ScriptError {
            line: self.line,
            column: self.end,
            kind: ErrorKind::Missing { what },
            found: String::new(),
            possible: possible(),
        })
    }

    /// Nothing may be left.
    pub fn finish(&self) -> Result<(), ScriptError> {
        match self.peek() {
            None => Ok(()),
            Some(word) => Err(self.error(word, ErrorKind::Extra, vec!["the end of the line".into()])),
        }
    }

    /// An error at a word of this line.
    pub fn error(&self, word: Word, kind: ErrorKind, possible: Vec<String>) -> ScriptError {
        ScriptError { line: self.line, column: word.column, kind, found: word.text.into(), possible }
    }

    /// An error at a word that is none of those that are possible.
    pub fn unknown(&self, word: Word, what: &'static str, possible: Vec<String>) -> ScriptError {
        self.error(word, ErrorKind::Unknown { what }, possible)
    }

    /// A line without its comment and the space around it.
    pub fn text<'b>(&self, line: &'b str) -> &'b str {
        let end = line.char_indices().nth(self.end - 1).map_or(line.len(), |(at, _)| at);
        line[..end].trim()
    }

    /// Splits what is left at every `;`.
    pub fn clauses(&mut self) -> Vec<Words<'a>> {
        let rest = &self.words[self.next..];
        self.next = self.words.len();
        let line = self.line;
        let mut clauses = Vec::new();
        for part in rest.split(|w| w.text == ";") {
            let Some(last) = part.last() else { continue };
            let end = last.column + last.text.chars().count();
            clauses.push(Words { words: part.to_vec(), next: 0, line, end });
        }
        clauses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<(String, usize)> {
        let mut words = Words::split(line, 1);
        std::iter::from_fn(|| words.take()).map(|w| (w.text.to_string(), w.column)).collect()
    }

    #[test]
    fn a_number_sign_inside_a_word_is_no_comment() {
        assert_eq!(
            texts("  drop P1>C ack#2 # why"),
            [("drop".into(), 3), ("P1>C".into(), 8), ("ack#2".into(), 13)]
        );
    }

    #[test]
    fn columns_count_characters_and_semicolons_stand_alone() {
        assert_eq!(texts("é;b"), [("é".into(), 1), (";".into(), 2), ("b".into(), 3)]);
    }
}
