//! What the reader prefers, and what is kept on the device. It belongs to no run.

use crate::i18n::Lang;
use crate::ui::context::Ui;
use crate::ui::prefs::{HINTS, Prefs, Theme};
use crate::ui::store;
use yew::prelude::*;

/// Language, colours, keys, hints, and the end of everything that is kept.
pub fn device(ui: &Ui) -> Html {
    let prefs = &*ui.prefs;
    let with = |change: fn(&mut Prefs)| {
        let mut prefs = prefs.clone();
        change(&mut prefs);
        prefs
    };
    let langs = [
        (None, ui.get("settings.lang.auto"), with(|p| p.lang = None)),
        (Some(Lang::En), "English".into(), with(|p| p.lang = Some(Lang::En))),
        (Some(Lang::Zh), "中文".into(), with(|p| p.lang = Some(Lang::Zh))),
    ];
    let langs = langs.map(|(lang, name, new)| (prefs.lang == lang, name, new));
    let themes = [
        (None, ui.get("settings.theme.auto"), with(|p| p.theme = None)),
        (Some(Theme::Light), ui.get("settings.theme.light"), with(|p| p.theme = Some(Theme::Light))),
        (Some(Theme::Dark), ui.get("settings.theme.dark"), with(|p| p.theme = Some(Theme::Dark))),
    ];
    let themes = themes.map(|(theme, name, new)| (prefs.theme == theme, name, new));
    let keys = {
        let (set, new) = (ui.set_prefs.clone(), Prefs { keys: !prefs.keys, ..prefs.clone() });
        Callback::from(move |_: Event| set.emit(new.clone()))
    };
    let again = {
        let (set, new) = (ui.set_prefs.clone(), with(|p| p.hints = 0));
        Callback::from(move |_: MouseEvent| set.emit(new.clone()))
    };
    let forget = {
        let set = ui.set_prefs.clone();
        Callback::from(move |_: MouseEvent| {
            // Without hints until the next visit: one that is done would be kept at once.
            set.emit(Prefs { hints: HINTS, ..Prefs::default() });
            // After that: setting preferences keeps them.
            store::forget_everything();
        })
    };
    html! {
        <div class="group" role="group" aria-labelledby="group-device">
            <h3 id="group-device">{ ui.get("settings.device") }</h3>
            { choice(ui, "lang", langs) }
            { choice(ui, "theme", themes) }
            <label class="switch">
                <input type="checkbox" checked={prefs.keys} onchange={keys} aria-describedby="set-keys-why" />
                <span class="what">{ ui.get("settings.keys") }</span>
                <span class="why" id="set-keys-why">{ ui.get("settings.keys.why") }</span>
            </label>
            <div class="setting-acts">
                <button class="btn" onclick={again} disabled={prefs.hints == 0}>{ ui.get("settings.hints") }</button>
                <button class="btn" onclick={forget}>{ ui.get("settings.forget") }</button>
            </div>
            <p class="quiet">{ ui.get("settings.forget.why") }</p>
        </div>
    }
}

/// One of a few, as radio buttons of the browser's own.
fn choice(ui: &Ui, name: &'static str, all: [(bool, AttrValue, Prefs); 3]) -> Html {
    let one = |(now, text, new): (bool, AttrValue, Prefs)| {
        let set = ui.set_prefs.clone();
        html! {
            <label key={text.to_string()}>
                <input type="radio" name={["set-", name].concat()} checked={now} onchange={Callback::from(move |_: Event| set.emit(new.clone()))} />
                <span>{ text }</span>
            </label>
        }
    };
    let id = ["set-", name, "-name"].concat();
    html! {
        <div class="setting" role="radiogroup" aria-labelledby={id.clone()}>
            <span class="what" {id}>{ ui.get(["settings.", name].concat().as_str()) }</span>
            <span class="segments">{ for all.into_iter().map(one) }</span>
        </div>
    }
}
