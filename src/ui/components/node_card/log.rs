//! The log on a card: the newest records that fit, as slips.

use crate::sim::Slip;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Ui, use_ui};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// The log of a card.
#[derive(Properties, PartialEq)]
pub struct LogProps {
    /// Its records, oldest first.
    pub log: Vec<Slip>,
    /// Whether it is all that a crash has left.
    pub kept: bool,
    /// Between other signs on a narrow card: smaller, and without a word where there is nothing.
    #[prop_or_default]
    pub brief: bool,
}

/// A row of slips: durable ones solid, those that a crash would lose dashed.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let width = use_width(&node);
    let letters = *use_memo(width, |_| browser::letters());
    if props.log.is_empty() && props.brief {
        return html! { <div ref={node} class="log"></div> };
    }
    if props.log.is_empty() {
        let text = ui.get("card.log-empty");
        return html! { <div ref={node} class="row quiet"><span class="words">{ text }</span></div> };
    }
    let all: Vec<_> = props.log.iter().map(|s| record(&ui, s)).collect();
    let all = ui.say(&Text::new("card.log").words("records", all));
    let (tight, hidden) = fit(&props.log, f64::from(width) / letters, props.brief);
    let slip = |s: &Slip| html! { <span class={slip_class(s)}>{ s.word }</span> };
    html! {
        <div ref={node} class={classes!((!props.brief).then_some("row"), "log", tight.then_some("tight"))} role="img" aria-label={all.clone()} title={all}>
            if hidden > 0 { <span class="more num">{ format!("+{hidden}") }</span> }
            { for props.log[hidden..].iter().map(slip) }
            if props.kept && hidden == 0 { <span class="quiet words">{ ui.get("card.kept") }</span> }
        </div>
    }
}

/// Solid if a crash would leave it, dashed if not.
pub fn slip_class(slip: &Slip) -> Classes {
    classes!("slip", (!slip.durable).then_some("soft"))
}

/// A record in words.
pub fn record(ui: &Ui, slip: &Slip) -> String {
    let words = match slip.detail.as_str() {
        "" => slip.word.to_string(),
        detail => format!("{} {detail}", slip.word),
    };
    match slip.durable {
        true => words,
        false => ui.say(&Text::new("card.unforced").word("record", words)).to_string(),
    }
}

/// Whether slips are set smaller so that all have room, and how many of the oldest have none all the same. They
/// are set in a monospaced face, so this can be known before they are drawn.
fn fit(log: &[Slip], width: f64, brief: bool) -> (bool, usize) {
    const GAP: f64 = 5.0;
    const MORE: f64 = 26.0;
    let all = |letter: f64, frame: f64, gap: f64| {
        log.iter().map(|s| s.word.len() as f64 * letter + frame + gap).sum::<f64>() <= width + gap
    };
    if !brief && all(6.95, 12.6, GAP) {
        return (false, 0);
    }
    if all(6.35, 6.6, 3.0) {
        return (true, 0);
    }
    let (letter, frame) = if brief { (6.35, 6.6 + 3.0) } else { (6.95, 12.6 + GAP) };
    let size = |s: &Slip| s.word.len() as f64 * letter + frame;
    let mut left = width - MORE;
    let fits = |s: &&Slip| {
        left -= size(s);
        left >= 0.0
    };
    // The newest one is shown even where it has to be cut.
    (brief, log.len() - log.iter().rev().take_while(fits).count().max(1))
}

/// The width of an element, as it changes. Before it is known, that of an ordinary card.
#[hook]
fn use_width(node: &NodeRef) -> i32 {
    let width = use_state_eq(|| 160);
    let (node, set) = (node.clone(), width.setter());
    use_effect_with((), move |()| {
        let observed = node.cast::<Element>().and_then(|element| {
            let target = element.clone();
            let report = Closure::<dyn FnMut()>::new(move || set.set(target.client_width()));
            let observer = ResizeObserver::new(report.as_ref().unchecked_ref()).ok()?;
            observer.observe(&element);
            Some((observer, report))
        });
        move || {
            if let Some((observer, report)) = observed {
                observer.disconnect();
                drop(report);
            }
        }
    });
    *width
}
