//! The application: mounts everything.

use yew::prelude::*;

/// Mounts the application on the page's body.
pub fn start() {
    yew::Renderer::<App>::new().render();
}

/// The whole page.
#[component]
pub fn App() -> Html {
    html! { <main><h1>{ "Indoubt" }</h1></main> }
}
