//! Protocol, parameters and rules: every one there is, made from its description. A change acts at once.

mod device;
mod field;

use super::dialog::Dialog;
use super::notice::NoticeBar;
use crate::protocol::ParamSpec;
use crate::protocols;
use crate::session::{Action, Level, Notice};
use crate::sim::{RULES, Setup};
use crate::text::Text;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::View;
use field::Field;
use std::rc::Rc;
use yew::prelude::*;

/// What this needs.
#[derive(Properties, PartialEq)]
pub struct SettingsProps {
    /// The moment, for the names of those who vote.
    pub view: Rc<View>,
    /// The world as it is set up.
    pub setup: Setup,
    /// What the session has to say: an impossible combination is explained here, where it was asked for.
    #[prop_or_default]
    pub notice: Option<Notice>,
}

/// The dialog. It stands at the side, so that one sees what a change does.
#[component]
pub fn Settings(props: &SettingsProps) -> Html {
    let ui = use_ui();
    let meta = props.view.scene.meta;
    let close = ui.show.reform(|()| Show::Nothing);
    let reset = {
        let (ui, id) = (ui.clone(), props.setup.protocol);
        move |_: MouseEvent| {
            if let Some(protocol) = protocols::find(id) {
                ui.act.emit(Action::Setup(protocol.setup()));
            }
        }
    };
    let own = meta.params.iter().zip(props.setup.params.values()).map(|(s, v)| (s, *v, meta.id));
    let rules = RULES.iter().zip(props.setup.rules.values()).map(|(s, v)| (s, *v, ""));
    let all: Vec<_> = own.chain(rules).collect();
    let mut groups: Vec<&str> = Vec::new();
    for (spec, ..) in &all {
        if !groups.contains(&spec.group) {
            groups.push(spec.group);
        }
    }
    // What is wrong on purpose comes last.
    let groups = crate::order::by_key(groups, |g| *g == "mistakes");
    let of = |group: &str| all.iter().filter(move |(s, ..)| s.group == group).copied().collect::<Vec<_>>();
    html! {
        <Dialog id="settings" title={ui.get("settings.title")} on_close={close} class="side">
            <p class="quiet">{ ui.get("settings.intro") }</p>
            if let Some(notice) = props.notice.as_ref().filter(|n| n.level == Level::Error) {
                <NoticeBar notice={notice.clone()} inside=true />
            }
            { protocol(&ui, &props.setup) }
            { for groups.iter().map(|g| group(&ui, props, g, &of(g))) }
            <button class="btn" onclick={reset}>{ ui.get("settings.reset") }</button>
            { device::device(&ui) }
            <p class="note">{ "Indoubt " }{ env!("CARGO_PKG_VERSION") }{ ". " }{ ui.get("settings.about") }</p>
        </Dialog>
    }
}

/// Which protocol: those about the same thing together, and only the family of the present one open.
fn protocol(ui: &Ui, setup: &Setup) -> Html {
    let one = |protocol: &&'static protocols::Protocol| {
        let protocol = *protocol;
        let id = (protocol.meta)().id;
        let act = ui.act.clone();
        let choose = move |_: Event| act.emit(Action::Setup(protocol.setup()));
        html! {
            <label class="pick-one" key={id}>
                <input type="radio" name="protocol" checked={id == setup.protocol} onchange={choose} />
                <span class="what">{ ui.get(&format!("{id}.name")) }</span>
                <span class="why">{ ui.get(&format!("{id}.about")) }</span>
            </label>
        }
    };
    let family = |(family, members): (&'static str, Vec<&'static protocols::Protocol>)| {
        let own = members.iter().any(|p| (p.meta)().id == setup.protocol);
        let names = members.iter().map(|p| ui.get(&format!("{}.name", (p.meta)().id)).to_string());
        let names = Text::new("settings.members").words("names", names);
        html! {
            <details class="family" key={family} open={own}>
                <summary>
                    <span class="what">{ ui.get(&format!("family.{family}")) }</span>
                    <span class="why">{ ui.say(&names) }</span>
                </summary>
                { for members.iter().map(one) }
            </details>
        }
    };
    html! {
        <div class="group" role="group" aria-labelledby="group-choose">
            <h3 id="group-choose">{ ui.get("settings.protocol") }</h3>
            { for protocols::families().into_iter().map(family) }
        </div>
    }
}

type Entry = (&'static ParamSpec, u16, &'static str);

fn group(ui: &Ui, props: &SettingsProps, group: &str, entries: &[Entry]) -> Html {
    let voters: Rc<[AttrValue]> =
        props.view.scene.voters().map(|id| props.view.scene.name(id).to_string().into()).collect();
    let why = (group == "mistakes").then(|| ui.get("settings.mistakes"));
    html! {
        <div class="group" key={group.to_string()} role="group" aria-labelledby={format!("group-{group}")}>
            <h3 id={format!("group-{group}")}>{ ui.get(&format!("group.{group}")) }</h3>
            if let Some(why) = why { <p class="quiet">{ why }</p> }
            { for entries.iter().map(|(spec, value, protocol)| {
                let base = match *protocol {
                    "" => format!("rule.{}", spec.key),
                    id => format!("{id}.param.{}", spec.key),
                };
                let key = base.clone();
                html! { <Field {key} {base} {spec} value={*value} voters={voters.clone()} /> }
            }) }
        </div>
    }
}
