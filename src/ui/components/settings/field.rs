//! One parameter: a control made from its kind, its name, and why one would change it.

use crate::protocol::{ParamKind, ParamSpec, Params};
use crate::session::Action;
use crate::text::Text;
use crate::ui::context::{Ui, use_ui};
use std::rc::Rc;
use yew::prelude::*;

/// What this needs.
#[derive(Properties)]
pub struct FieldProps {
    /// The parameter.
    pub spec: &'static ParamSpec,
    /// What its texts' keys begin with.
    pub base: String,
    /// Its value.
    pub value: u16,
    /// Those who vote, for parameters that are one for each.
    pub voters: Rc<[AttrValue]>,
}

impl PartialEq for FieldProps {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.spec, other.spec) && self.value == other.value && self.voters == other.voters
    }
}

/// One parameter.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let ui = use_ui();
    match props.spec.kind {
        ParamKind::Switch => switch(&ui, props),
        ParamKind::Choice(words) => {
            let id = props.id();
            let at = usize::from(props.value);
            let control = segments(&ui, props, &id, words, at, |i| i as u16);
            labelled(&ui, props, "radiogroup", control)
        }
        ParamKind::Range(low, high) => {
            let less = (props.value > low).then(|| props.value - 1);
            let more = (props.value < high).then(|| props.value + 1);
            labelled(&ui, props, "group", stepper(&ui, props, props.value.to_string().into(), less, more))
        }
        ParamKind::Limit(high) => {
            let any = props.value == Params::UNLIMITED;
            let shown = if any { ui.get("settings.any") } else { props.value.to_string().into() };
            let less = if any { Some(high) } else { props.value.checked_sub(1) };
            let above = if props.value < high { props.value + 1 } else { Params::UNLIMITED };
            let more = (!any).then_some(above);
            labelled(&ui, props, "group", stepper(&ui, props, shown, less, more))
        }
        ParamKind::Each(words) => each(&ui, props, words),
    }
}

impl FieldProps {
    /// An id that is unique on the page.
    fn id(&self) -> String {
        format!("set-{}", self.base.replace('.', "-"))
    }

    fn name(&self, ui: &Ui) -> AttrValue {
        ui.get(&self.base)
    }

    fn set(&self, ui: &Ui, value: u16) -> Callback<()> {
        let (act, key) = (ui.act.clone(), self.spec.key);
        Callback::from(move |()| act.emit(Action::Set { key, value }))
    }
}

fn why(ui: &Ui, props: &FieldProps) -> Html {
    html! { <span class="why" id={format!("{}-why", props.id())}>{ ui.rich(&Text::new(format!("{}.why", props.base))) }</span> }
}

fn switch(ui: &Ui, props: &FieldProps) -> Html {
    let on = props.value == 1;
    let set = props.set(ui, u16::from(!on));
    html! {
        <label class="switch">
            <input type="checkbox" checked={on} onchange={move |_| set.emit(())}
                aria-describedby={format!("{}-why", props.id())} />
            <span class="what">{ props.name(ui) }</span>
            { why(ui, props) }
        </label>
    }
}

fn labelled(ui: &Ui, props: &FieldProps, role: &'static str, control: Html) -> Html {
    let id = props.id();
    html! {
        <div class="setting" {role} aria-labelledby={format!("{id}-name")} aria-describedby={format!("{id}-why")}>
            <span class="what" id={format!("{id}-name")}>{ props.name(ui) }</span>
            { control }
            { why(ui, props) }
        </div>
    }
}

/// One of a few words. The radio buttons are the browser's, so the arrow keys are too.
fn segments(
    ui: &Ui,
    props: &FieldProps,
    name: &str,
    words: &[&str],
    at: usize,
    value: impl Fn(usize) -> u16,
) -> Html {
    let one = |(i, word): (usize, &&str)| {
        let set = props.set(ui, value(i));
        html! {
            <label key={i}>
                <input type="radio" name={name.to_string()} checked={i == at} onchange={move |_| set.emit(())} />
                <span>{ ui.get(&format!("{}.{word}", props.base)) }</span>
            </label>
        }
    };
    html! { <span class="segments">{ for words.iter().enumerate().map(one) }</span> }
}

fn stepper(ui: &Ui, props: &FieldProps, shown: AttrValue, less: Option<u16>, more: Option<u16>) -> Html {
    let button = |to: Option<u16>, key: &str, sign: &'static str| {
        let set = to.map(|value| props.set(ui, value));
        let click = move |_: MouseEvent| {
            if let Some(set) = &set {
                set.emit(());
            }
        };
        let label = ui.say(&Text::new(key).text("what", Text::new(props.base.clone())));
        // Not `disabled`, which would drop the focus at the last step.
        let disabled = to.is_none().then_some("true");
        html! { <button onclick={click} aria-label={label} aria-disabled={disabled}>{ sign }</button> }
    };
    html! {
        <span class="steps">
            { button(less, "settings.less", "−") }
            <output class="num">{ shown }</output>
            { button(more, "settings.more", "+") }
        </span>
    }
}

/// One of a few words for everybody who votes: two bits each, the first lowest.
fn each(ui: &Ui, props: &FieldProps, words: &[&str]) -> Html {
    let row = |(i, voter): (usize, &AttrValue)| {
        let shift = 2 * i as u16;
        let at = usize::from(props.value >> shift & 3);
        let value = |word: usize| props.value & !(3 << shift) | (word as u16) << shift;
        let name = format!("{}-{i}", props.id());
        html! {
            <div class="each" key={i} role="radiogroup" aria-label={ui.lang.colon(&props.name(ui), voter)}>
                <b>{ voter }</b>{ segments(ui, props, &name, words, at, value) }
            </div>
        }
    };
    // Two bits a node leave room for eight.
    let rows = props.voters.iter().take(8).enumerate().map(row);
    html! {
        <div class="setting each-of">
            <span class="what">{ props.name(ui) }</span>
            { why(ui, props) }
            { for rows }
        </div>
    }
}
