//! Everything that can be done, by name: type a few letters, press Enter.

use super::dialog::Dialog;
use super::drawer::Tab;
use crate::i18n::{Lang, plain};
use crate::protocol::{NodeId, ParamKind};
use crate::protocols;
use crate::session::Action;
use crate::sim::Act;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{FigureCmd, Show, Ui, use_ui};
use crate::ui::keys::{KEYS, Key};
use crate::ui::prefs::{Prefs, Theme};
use crate::view::View;
use crate::view::choices::{Choice, Group, Tool};
use crate::view::matrix::strategies;
use crate::view::odds::has_odds;
use crate::view::silence::has_silences;
use std::rc::Rc;
use yew::prelude::*;

/// What the palette is opened for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scope {
    /// Everything.
    All,
    /// What can go wrong: with one node, if one is meant, and of one kind, if one is meant.
    Faults(Option<NodeId>, Option<Tool>),
}

/// What the palette needs.
#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    /// The present moment.
    pub view: Rc<View>,
    /// What it is opened for.
    pub scope: Scope,
    /// Does what a key does.
    pub on_key: Callback<Key>,
}

/// Something that can be done.
struct Entry {
    label: String,
    /// What else it is found by: its name in English, whatever the language.
    find: String,
    /// The key that does the same, or what would come of it.
    hint: String,
    run: Run,
}

impl Entry {
    fn new(ui: &Ui, text: &Text, hint: impl Into<String>, run: Run) -> Entry {
        let find = plain(&Lang::En.say(text));
        Entry { label: ui.say(text).to_string(), find, hint: hint.into(), run }
    }
}

#[derive(Clone)]
enum Run {
    Act(Action),
    Key(Key),
    Show(Show),
    Prefer(Prefs),
}

/// As many as anybody reads.
const SHOWN: usize = 40;

/// The palette.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let ui = use_ui();
    let query = use_state_eq(String::new);
    let at = use_state_eq(|| 0usize);
    let list = use_node_ref();
    let found = matching(entries(&ui, props), &query);
    let at_now = (*at).min(found.len().saturating_sub(1));
    {
        let list = list.clone();
        use_effect_with(at_now, move |_| browser::scroll_to_first(&list, "[aria-selected=true]"));
    }
    let pick = {
        let (ui, on_key) = (ui.clone(), props.on_key.clone());
        move |run: Run| {
            ui.show.emit(Show::Nothing);
            match run {
                Run::Act(action) => ui.act.emit(action),
                Run::Key(key) => on_key.emit(key),
                Run::Show(what) => ui.show.emit(what),
                Run::Prefer(prefs) => ui.set_prefs.emit(prefs),
            }
        }
    };
    let on_input = {
        let (query, at) = (query.clone(), at.clone());
        Callback::from(move |e: InputEvent| {
            query.set(browser::value_of(&e));
            at.set(0);
        })
    };
    let on_keydown = {
        let (pick, at, count) = (pick.clone(), at.clone(), found.len());
        let chosen = found.get(at_now).map(|e| e.run.clone());
        Callback::from(move |e: KeyboardEvent| {
            match e.key().as_str() {
                "ArrowDown" if count > 0 => at.set((at_now + 1) % count),
                "ArrowUp" if count > 0 => at.set((at_now + count - 1) % count),
                "Enter" => chosen.iter().for_each(|run| pick(run.clone())),
                _ => return,
            }
            e.prevent_default();
        })
    };
    let entry = |(i, entry): (usize, &Entry)| {
        let (pick, run) = (pick.clone(), entry.run.clone());
        html! {
            <li key={i} id={format!("palette-{i}")} role="option" aria-selected={(i == at_now).to_string()}
                onclick={Callback::from(move |_: MouseEvent| pick(run.clone()))}>
                <span>{ entry.label.clone() }</span>
                if !entry.hint.is_empty() { <small>{ entry.hint.clone() }</small> }
            </li>
        }
    };
    let title = match props.scope {
        Scope::All => ui.get("palette.title"),
        Scope::Faults(Some(node), _) => {
            ui.say(&Text::new("palette.faults-of").word("node", props.view.scene.name(node)))
        }
        Scope::Faults(None, _) => ui.get("palette.faults"),
    };
    html! {
        <Dialog id="palette" title={title} on_close={ui.show.reform(|()| Show::Nothing)} class="palette" focus_inside=true>
            <input type="text" role="combobox" autofocus=true aria-expanded="true" aria-controls="palette-list"
                aria-activedescendant={(!found.is_empty()).then(|| format!("palette-{at_now}"))} aria-autocomplete="list"
                aria-label={ui.get("palette.find")} placeholder={ui.get("palette.find")} autocomplete="off" spellcheck="false"
                value={(*query).clone()} oninput={on_input} onkeydown={on_keydown} />
            <ul id="palette-list" role="listbox" aria-label={ui.get("palette.title")} ref={list} tabindex="-1">
                { for found.iter().enumerate().map(entry) }
            </ul>
            if found.is_empty() { <p class="note" role="status">{ ui.get("palette.none") }</p> }
        </Dialog>
    }
}

/// Those that hold every word of the query, whatever comes first.
fn matching(all: Vec<Entry>, query: &str) -> Vec<Entry> {
    let words: Vec<String> = query.split_whitespace().map(browser::lowercase).collect();
    let fits = |e: &Entry| {
        let (label, find) = (browser::lowercase(&e.label), browser::lowercase(&e.find));
        words.iter().all(|w| label.contains(w.as_str()) || find.contains(w.as_str()))
    };
    all.into_iter().filter(fits).take(SHOWN).collect()
}

fn entries(ui: &Ui, props: &PaletteProps) -> Vec<Entry> {
    let view = &props.view;
    // With the numbers that their keys have.
    let possible = view.choices.iter().filter(|c| c.refused.is_none()).enumerate();
    match props.scope {
        Scope::Faults(node, tool) => {
            let meant = possible.filter(|(_, c)| match tool {
                Some(tool) => c.tool() == Some(tool) || mends(c, tool),
                None => c.tool().is_some() || Tool::ALL.iter().any(|t| mends(c, *t)),
            });
            let here = meant.filter(|(_, c)| node.is_none_or(|n| c.concerns(n)));
            here.flat_map(|(i, c)| choice(ui, view, i, c)).collect()
        }
        Scope::All => {
            let mut all: Vec<Entry> = possible.flat_map(|(i, c)| choice(ui, view, i, c)).collect();
            all.extend(KEYS.iter().filter_map(|(key, text, keys)| {
                let key = key.filter(|k| *k != Key::Palette && *k != Key::Escape)?;
                // The help calls itself "this page".
                let text = if key == Key::Help { "app.help" } else { text };
                Some(Entry::new(ui, &Text::new(text), *keys, Run::Key(key)))
            }));
            all.extend(ZOOMS.iter().map(|(cmd, text, keys)| {
                Entry::new(ui, &Text::new(*text), *keys, Run::Key(Key::Figure(*cmd)))
            }));
            all.extend(leaps(ui));
            all.extend(pages(ui, view));
            all.extend(branches(ui, view));
            all.extend(switches(ui, view));
            all.extend(panels(ui));
            all.extend(preferences(ui));
            all.extend(others(ui, view));
            all
        }
    }
}

/// One line of the help, and three things to do.
const ZOOMS: [(FigureCmd, &str, &str); 3] = [
    (FigureCmd::ZoomIn, "palette.zoom-in", "+"),
    (FigureCmd::ZoomOut, "palette.zoom-out", "-"),
    (FigureCmd::Fit, "figure.zoom.fit.name", "0"),
];

/// Pages that only some protocols have.
fn pages(ui: &Ui, view: &View) -> Vec<Entry> {
    let scene = &view.scene;
    let page = |key: &str, show| Entry::new(ui, &Text::new(key), "", Run::Show(show));
    let table = strategies(scene.meta).map(|_| page("matrix.title", Show::Matrix));
    let silences = has_silences(&scene.setup).then(|| page("silence.title", Show::Silences));
    let odds = has_odds(scene.meta).then(|| page("odds.title", Show::Odds));
    table.into_iter().chain(silences).chain(odds).collect()
}

/// The other protocols, each found by what it is about too.
fn others(ui: &Ui, view: &View) -> Vec<Entry> {
    let mut all = Vec::new();
    for (family, members) in protocols::families() {
        let about = format!("family.{family}");
        for protocol in members.into_iter().filter(|p| (p.meta)().id != view.scene.meta.id) {
            let name = Text::new(format!("{}.name", (protocol.meta)().id));
            let text = Text::new("palette.protocol").text("which", name);
            let entry =
                Entry::new(ui, &text, ui.get(&about).to_string(), Run::Act(Action::Setup(protocol.setup())));
            let find = format!("{} {} {}", entry.find, Lang::En.get(&about), entry.hint);
            all.push(Entry { find, ..entry });
        }
    }
    all
}

/// The tabs beside the diagram.
fn panels(ui: &Ui) -> impl Iterator<Item = Entry> {
    Tab::ALL.into_iter().map(|tab| {
        let text = Text::new("palette.panel").text("which", Text::new(tab.key()));
        Entry::new(ui, &text, "", Run::Key(Key::Panel(tab)))
    })
}

/// Language, colours, keys and hints.
fn preferences(ui: &Ui) -> Vec<Entry> {
    let prefs = &*ui.prefs;
    let theme = |theme: Option<Theme>, key: &str| {
        let text = Text::new("palette.theme").text("which", Text::new(key));
        Entry::new(ui, &text, "", Run::Prefer(Prefs { theme, ..prefs.clone() }))
    };
    let lang = |lang: Option<Lang>, text: Text, also: &str| {
        let text = Text::new("palette.lang").text("which", text);
        let entry = Entry::new(ui, &text, "", Run::Prefer(Prefs { lang, ..prefs.clone() }));
        Entry { find: format!("{} {also}", entry.find), ..entry }
    };
    let name = |name: &str| Text::new("inspect.word").word("word", name);
    let keys = Text::new(if prefs.keys { "palette.turn-off" } else { "palette.turn-on" });
    let keys = keys.text("what", Text::new("settings.keys"));
    vec![
        Entry::new(ui, &keys, "", Run::Prefer(Prefs { keys: !prefs.keys, ..prefs.clone() })),
        Entry::new(ui, &Text::new("settings.hints"), "", Run::Prefer(Prefs { hints: 0, ..prefs.clone() })),
        theme(Some(Theme::Light), "settings.theme.light"),
        theme(Some(Theme::Dark), "settings.theme.dark"),
        theme(None, "settings.theme.auto"),
        lang(Some(Lang::En), name("English"), "英文"),
        lang(Some(Lang::Zh), name("中文"), "Chinese"),
        lang(None, Text::new("settings.lang.auto"), ""),
    ]
}

/// Whether a choice repairs what a tool breaks.
fn mends(choice: &Choice, tool: Tool) -> bool {
    matches!(
        (choice.step.act, tool),
        (Act::Recover(_), Tool::Crash)
            | (Act::Resume(_), Tool::Pause)
            | (Act::Heal(_), Tool::Cut)
            | (Act::Release(_), Tool::Hold)
    )
}

/// A choice; a crash can also come in the middle of a step.
fn choice(ui: &Ui, view: &View, i: usize, choice: &Choice) -> Vec<Entry> {
    let number = if i < 9 && choice.group == Group::Next { (i + 1).to_string() } else { String::new() };
    let mut all = vec![Entry::new(ui, &choice.title, number, Run::Act(Action::Do(choice.step)))];
    if let Act::Crash(node, crate::sim::Tail::Lost) = choice.step.act {
        let text = Text::new("next.crash-of").word("node", view.scene.name(node));
        let hint = ui.get("next.scissors").to_string();
        all.push(Entry::new(ui, &text, hint, Run::Show(Show::Scissors(node, None))));
    }
    all
}

fn leaps(ui: &Ui) -> impl Iterator<Item = Entry> {
    let all =
        [("next.round", Action::Round), ("next.quiet", Action::Quiet), ("next.repair", Action::RepairAndRun)];
    let ui = ui.clone();
    all.into_iter().map(move |(key, action)| Entry::new(&ui, &Text::new(key), "", Run::Act(action)))
}

fn branches(ui: &Ui, view: &View) -> Vec<Entry> {
    let strip = &view.strip;
    let others = strip.branches.iter().filter(|b| b.number != strip.number);
    let branch = others.map(|b| {
        let text = Text::new("strip.branch").number("i", b.number as i64).text("label", b.label.clone());
        Entry::new(ui, &text, "", Run::Act(Action::Go(b.tip)))
    });
    let pin = strip.pins.iter().map(|p| {
        let moment = Text::new("app.moment").number("n", p.moment);
        let entry = Entry::new(ui, &moment, "", Run::Act(Action::Go(p.place)));
        Entry { label: format!("{} {}", entry.label, p.name), ..entry }
    });
    branch.chain(pin).collect()
}

fn switches(ui: &Ui, view: &View) -> Vec<Entry> {
    let (meta, setup) = (view.scene.meta, &view.scene.setup);
    let switches = meta.params.iter().enumerate().filter(|(_, s)| matches!(s.kind, ParamKind::Switch));
    let entry = |(at, spec): (usize, &crate::protocol::ParamSpec)| {
        let value = 1 - setup.params.get(at).min(1);
        let name = Text::new(format!("{}.param.{}", meta.id, spec.key));
        let text =
            Text::new(if value == 1 { "palette.turn-on" } else { "palette.turn-off" }).text("what", name);
        Entry::new(ui, &text, "", Run::Act(Action::Set { key: spec.key, value }))
    };
    switches.map(entry).collect()
}
