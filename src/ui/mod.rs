//! The screen.

use yew::prelude::*;

/// Mounts the application on the page's body.
pub fn start() {
    yew::Renderer::<App>::new().render();
}

#[component]
fn App() -> Html {
    html! { <main><h1>{ "Indoubt" }</h1></main> }
}
