//! Words for people: templates in two languages, and how to fill them.
//!
//! A template is a line `key = text` in `www/i18n/*.<language>.txt`. In the text, `{name}` stands for an
//! argument and `{name|one|other}` for a word chosen by a number; `**...**` marks what is emphasised and
//! `` `...` `` what a machine wrote. Both tables are complete: a test holds them against each other, against
//! the keys in the code and against every protocol's words.

use crate::order::Map;
use crate::text::{Arg, Text};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// A language of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    Zh,
}

/// The words of one language, by part of the page.
macro_rules! words {
    ($tag:literal) => {
        &[
            include_str!(concat!("../www/i18n/core.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/panels.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/time.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/reading.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/explore.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/requests.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/locks.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/queue.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/cache.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/partition.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/keys.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/downstream.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/session.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/rifl.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/kafka.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/shop.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/rename.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/sync.", $tag, ".txt")),
            include_str!(concat!("../www/i18n/odds.", $tag, ".txt")),
        ]
    };
}

/// The part of a key that asks for the short name of a parameter's value.
const SHORT: &str = ".short.";

/// A language's templates by key.
pub type Table = Map<&'static str, &'static str>;

impl Lang {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// The language's tag, for the `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }

    /// The language that a browser's tag asks for, if it is one of ours.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        match tag.split('-').next()? {
            "en" => Some(Lang::En),
            "zh" => Some(Lang::Zh),
            _ => None,
        }
    }

    /// All templates.
    pub fn table(self) -> &'static Table {
        static EN: OnceLock<Table> = OnceLock::new();
        static ZH: OnceLock<Table> = OnceLock::new();
        match self {
            Lang::En => EN.get_or_init(|| parse(words!("en"))),
            Lang::Zh => ZH.get_or_init(|| parse(words!("zh-CN"))),
        }
    }

    /// A text in this language. A key without a template shows itself, which a test rules out.
    pub fn say(self, text: &Text) -> String {
        match self.template(&text.key) {
            Some(template) => self.fill(template, &text.args),
            None => text.key.clone(),
        }
    }

    /// The text of a key without arguments.
    pub fn get(self, key: &str) -> String {
        self.template(key).map_or_else(|| key.to_string(), |t| t.to_string())
    }

    /// The template of a key. What several protocols have in common stands under `shared` instead of the
    /// protocol's own name, and what one of its worlds has of its own under `<name>@<wording>`. What is said of all
    /// protocols, and of some of them in words of their own, stands without such a name: `shop.prop.money`, or else
    /// `prop.money`.
    pub fn template(self, key: &str) -> Option<&'static str> {
        let table = self.table();
        let rest = || key.split_once('.').map(|(_, rest)| rest);
        if let Some((id, rest)) = key.split_once('@')
            && !table.contains_key(key)
        {
            return self.template(&format!("{id}.{}", rest.split_once('.')?.1));
        }
        let shared = || table.get(format!("shared.{}", rest()?).as_str());
        let found = table.get(key).or_else(shared).or_else(|| table.get(rest()?)).copied();
        // What has no short name is called as in the settings.
        found.or_else(|| key.contains(SHORT).then(|| self.template(&key.replacen(SHORT, ".param.", 1)))?)
    }

    fn fill(self, template: &str, args: &[(&'static str, Arg)]) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let Some(len) = rest[open..].find('}') else { break };
            let mut parts = rest[open + 1..open + len].split('|');
            let name = parts.next().unwrap_or_default();
            match args.iter().find(|(n, _)| *n == name) {
                Some((_, Arg::Number(n))) => match (parts.next(), parts.next()) {
                    (Some(one), Some(other)) => out.push_str(if n.abs() == 1 { one } else { other }),
                    _ => out.push_str(&n.to_string()),
                },
                Some((_, arg)) => out.push_str(&self.arg(arg)),
                None => out.push_str(&rest[open..=open + len]),
            }
            rest = &rest[open + len + 1..];
        }
        out.push_str(rest);
        out
    }

    fn arg(self, arg: &Arg) -> String {
        match arg {
            Arg::Number(n) => n.to_string(),
            Arg::Word(word) => word.clone(),
            Arg::Words(words) => self.join(words, "and", ("、", "和")),
            Arg::Text(text) => self.say(text),
            Arg::Texts(texts) => self.join(&self.say_all(texts), "and", ("，", "，")),
            Arg::Clauses(texts) => self.join(&self.say_all(texts), "and", ("，", "，并")),
            Arg::Alternatives(texts) => self.join(&self.say_all(texts), "or", ("，", "，或者")),
        }
    }

    fn say_all(self, texts: &[Text]) -> Vec<String> {
        texts.iter().map(|t| self.say(t)).collect()
    }

    /// A term, and what it is. Chinese has a colon of its own.
    pub fn colon(self, term: &str, what: &str) -> String {
        format!("{term}{}{what}", if self == Lang::Zh { "：" } else { ": " })
    }

    /// One thing after the other.
    pub fn commas<S: AsRef<str>>(self, all: &[S]) -> String {
        let comma = if self == Lang::Zh { "，" } else { ", " };
        let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
        all.join(comma)
    }

    /// Something said in passing.
    pub fn aside(self, what: &str) -> String {
        if self == Lang::Zh { format!("（{what}）") } else { format!(" ({what})") }
    }

    /// A list as the language writes one. English joins everything alike; Chinese has, for names, for phrases
    /// and for clauses, a mark between them and a word before the last.
    fn join(self, items: &[String], last_word: &str, (comma, and): (&str, &str)) -> String {
        let [first @ .., last] = items else { return String::new() };
        let Some(before) = first.last() else { return last.clone() };
        match self {
            Lang::En => format!("{} {last_word} {last}", first.join(", ")),
            Lang::Zh => {
                let head = first.join(comma);
                let (l, r) = (gap(before.chars().last(), and), gap(last.chars().next(), and));
                format!("{head}{l}{and}{r}{last}")
            }
        }
    }
}

/// Chinese stands beside letters and digits with a space, beside Chinese and after punctuation without.
fn gap(beside: Option<char>, word: &str) -> &'static str {
    let letter = beside.is_some_and(|c| c.is_ascii_alphanumeric() || c == '`');
    if letter && !word.starts_with('，') { " " } else { "" }
}

fn parse(files: &[&'static str]) -> Table {
    let lines = files.iter().flat_map(|f| f.lines()).filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
    lines.filter_map(|l| l.split_once(" = ")).collect()
}

/// A piece of a filled template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Span {
    /// Ordinary words.
    Plain(String),
    /// Emphasised: `**...**`.
    Strong(String),
    /// What a machine wrote: `` `...` ``.
    Code(String),
}

/// Splits a filled template at its marks.
pub fn spans(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    for (i, strong) in text.split("**").enumerate() {
        if i % 2 == 1 {
            out.push(Span::Strong(strong.into()));
            continue;
        }
        for (j, code) in strong.split('`').enumerate() {
            match (code.is_empty(), j % 2 == 1) {
                (true, _) => {}
                (_, true) => out.push(Span::Code(code.into())),
                (_, false) => out.push(Span::Plain(code.into())),
            }
        }
    }
    out
}

/// A filled template without its marks, for labels and for the live region.
pub fn plain(text: &str) -> String {
    text.replace("**", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_filled_joined_and_counted() {
        let args = [("who", Arg::Words(vec!["P1".into(), "P2".into(), "P3".into()])), ("n", Arg::Number(1))];
        assert_eq!(Lang::En.fill("{who}: {n} {n|vote|votes}", &args), "P1, P2 and P3: 1 vote");
        assert_eq!(Lang::Zh.fill("{who}", &args), "P1、P2 和 P3");
        let names = [("who", Arg::Words(vec!["甲".into(), "乙".into()]))];
        assert_eq!(Lang::Zh.fill("{who}", &names), "甲和乙");
    }

    #[test]
    fn clauses_are_joined_as_clauses() {
        let force = Text::new("effect.force").word("record", "prepared");
        let send = Text::new("effect.send").word("msg", "yes").word("to", "C");
        let text = Text::new("then.effects").clauses("effects", vec![force, send]);
        assert_eq!(plain(&Lang::Zh.say(&text)), "它会强制写 prepared，并向 C 发送 yes。");
        assert_eq!(plain(&Lang::En.say(&text)), "It forces prepared and sends yes to C.");
    }

    #[test]
    fn marks_become_spans() {
        let expected =
            [Span::Strong("C".into()), Span::Plain(" forces ".into()), Span::Code("commit".into())];
        assert_eq!(spans("**C** forces `commit`"), expected);
    }
}
