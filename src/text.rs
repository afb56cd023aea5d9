//! A sentence before it has a language: the key of a template and what to put into it.

use serde::Serialize;

/// What a template's `{name}` stands for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Arg {
    /// A number; `{name|one|other}` chooses by it.
    Number(i64),
    /// A word that is the same in every language: a node, a message, a record, an account.
    Word(String),
    /// Several such words, joined as the language joins them.
    Words(Vec<String>),
    /// Another sentence or phrase.
    Text(Text),
    /// Several phrases, joined as the language joins them.
    Texts(Vec<Text>),
    /// Several things that one subject does: clauses are not joined like names everywhere.
    Clauses(Vec<Text>),
    /// Phrases of which one is enough.
    Alternatives(Vec<Text>),
}

/// A sentence before it has a language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Text {
    /// The key of the template.
    pub key: String,
    /// What goes into it.
    pub args: Vec<(&'static str, Arg)>,
}

impl Text {
    /// A sentence without arguments.
    pub fn new(key: impl Into<String>) -> Text {
        Text { key: key.into(), args: Vec::new() }
    }

    /// With a number.
    pub fn number(mut self, name: &'static str, n: impl Into<i64>) -> Text {
        self.args.push((name, Arg::Number(n.into())));
        self
    }

    /// With a word that is the same in every language.
    pub fn word(mut self, name: &'static str, word: impl Into<String>) -> Text {
        self.args.push((name, Arg::Word(word.into())));
        self
    }

    /// With several such words.
    pub fn words(mut self, name: &'static str, words: impl IntoIterator<Item = impl Into<String>>) -> Text {
        self.args.push((name, Arg::Words(words.into_iter().map(Into::into).collect())));
        self
    }

    /// With another text.
    pub fn text(mut self, name: &'static str, text: Text) -> Text {
        self.args.push((name, Arg::Text(text)));
        self
    }

    /// With several things that one subject does.
    pub fn clauses(mut self, name: &'static str, clauses: Vec<Text>) -> Text {
        self.args.push((name, Arg::Clauses(clauses)));
        self
    }

    /// With several phrases.
    pub fn texts(mut self, name: &'static str, texts: Vec<Text>) -> Text {
        self.args.push((name, Arg::Texts(texts)));
        self
    }

    /// With several phrases of which one is enough.
    pub fn alternatives(mut self, name: &'static str, texts: Vec<Text>) -> Text {
        self.args.push((name, Arg::Alternatives(texts)));
        self
    }

    /// Takes over the words under `name` of a text that is the same but for them; `false` where it is not.
    pub fn gather(&mut self, other: &Text, name: &str) -> bool {
        let rest = |text: &Text| text.args.iter().filter(|(n, _)| *n != name).cloned().collect::<Vec<_>>();
        let theirs = other.args.iter().find_map(|(n, arg)| match arg {
            Arg::Words(words) if *n == name => Some(words),
            _ => None,
        });
        let alike = self.key == other.key && rest(self) == rest(other);
        let mine = self.args.iter_mut().find(|(n, _)| *n == name).map(|(_, arg)| arg);
        match (alike, mine, theirs) {
            (true, Some(Arg::Words(words)), Some(more)) => {
                words.extend(more.iter().cloned());
                true
            }
            _ => false,
        }
    }
}
