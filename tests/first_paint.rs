//! What index.html shows before the program arrives: a finished commit, drawn by the program's own layout, and
//! its own words in both languages. This test holds the page against them; to draw it anew:
//!
//!     INDOUBT_DRAW=1 cargo test --test first_paint

use indoubt::i18n::{Lang, Span, spans};
use indoubt::run::{History, default_step};
use indoubt::session::{Action, Session};
use indoubt::text::Text;
use indoubt::ui::layout::{Figure, Frame, Texts, svg};
use indoubt::ui::tales::{SHELVES, Shelf, Tale};
use indoubt::view::{Plot, View};
use std::fmt::Write;

const PAGE: &str = "index.html";
const BEGIN: &str = "<!-- drawn by tests/first_paint.rs: from here -->";
const END: &str = "<!-- drawn: to here -->";
/// As wide as the figure is in a window of 1440, and on a phone.
const WIDTHS: [(f64, bool); 2] = [(928.0, false), (362.0, true)];

#[test]
fn the_first_paint_shows_what_the_program_would_draw() {
    let page = std::fs::read_to_string(PAGE).expect("the page");
    // The program sets the title again, in the reader's language.
    assert!(page.contains(&format!("<title>{}</title>", Lang::En.get("app.title"))));
    let title =
        format!(r#"<meta name="indoubt-title" lang="zh-CN" content="{}">"#, Lang::Zh.get("app.title"));
    assert!(page.contains(&title), "{title}");
    let (before, rest) = page.split_once(BEGIN).expect("a place to draw at");
    let (found, after) = rest.split_once(END).expect("an end of that place");
    let drawn = drawn();
    if std::env::var_os("INDOUBT_DRAW").is_some() {
        std::fs::write(PAGE, format!("{before}{BEGIN}{drawn}{END}{after}")).expect("the page can be written");
        return;
    }
    // Not assert_eq: nobody wants to read two drawings.
    assert!(found == drawn, "index.html is out of date: INDOUBT_DRAW=1 cargo test --test first_paint");
}

/// A run in which nothing fails, to its end.
fn finished() -> Session {
    let mut session = Session::default();
    while default_step(session.run()).is_some() {
        session.update(Action::Default);
    }
    session
}

fn drawn() -> String {
    let opening = View::new(Session::default().history());
    let finished = finished();
    let history = finished.history();
    let view = View::new(history);
    let mut out = String::from("\n");
    let mut line = |text: &str| writeln!(out, "          {text}").expect("writing to a string never fails");
    line(r#"<section class="story">"#);
    line(&format!(r#"  <p class="where">{}</p>"#, both("span", &Text::new("boot.example"))));
    for lang in Lang::ALL {
        let say = rich(&lang.say(&opening.story.stands));
        line(&format!(r#"  <h1 class="boot-say" lang="{}">{say}</h1>"#, lang.tag()));
    }
    line(&format!(r#"  <p class="btn boot-wait">{}</p>"#, both("span", &Text::new("boot.wait"))));
    line(&format!(r#"  <p class="aside">{}</p>"#, both("span", &Text::new("app.tagline"))));
    line("</section>");
    line(r#"<section class="fig">"#);
    line(&cards(history, &view));
    line(&pictures(history, &view));
    line("</section>");
    line(r#"<section class="tales">"#);
    line(&format!(r#"  <h2 class="label">{}</h2>"#, both("span", &Text::new("tale.title"))));
    SHELVES.iter().for_each(|one| line(&shelf(one)));
    line("</section>");
    out.push_str("          ");
    out
}

/// A text in both languages; the style sheet shows the page's.
fn both(tag: &str, text: &Text) -> String {
    let one = |lang: Lang| format!(r#"<{tag} lang="{}">{}</{tag}>"#, lang.tag(), rich(&lang.say(text)));
    Lang::ALL.map(one).concat()
}

fn rich(text: &str) -> String {
    let escape = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;");
    let one = |span: Span| match span {
        Span::Plain(t) | Span::Code(t) => escape(&t),
        Span::Strong(t) => format!("<b>{}</b>", escape(&t)),
    };
    spans(text).into_iter().map(one).collect()
}

/// The heads of the lifelines, in the order of the columns.
fn cards(history: &History, view: &View) -> String {
    let mut out = String::from(r#"<div class="boot-cards"><span></span>"#);
    for column in &Plot::new(history, None).columns {
        let card = &view.cards[column.node.index()];
        let accounts = card.accounts.iter().map(|(_, a)| format!(" {} {}", a.name, a.balance));
        let bal = accounts.collect::<String>();
        let bal = (!bal.is_empty()).then(|| format!(r#"<span class="bal">{}</span>"#, bal.trim()));
        write!(
            out,
            r#"<article class="node"><h2>{}</h2><span class="role">{}</span>{}</article>"#,
            card.name,
            both("span", &card.role),
            bal.unwrap_or_default()
        )
        .expect("writing to a string never fails");
    }
    out + "</div>"
}

/// The drawing for wide screens and the one for phones. The areas are painted by one set of definitions, which
/// must not be inside a drawing that is not displayed.
fn pictures(history: &History, view: &View) -> String {
    let plot = Plot::new(history, None);
    let texts = Texts {
        now: Lang::En.get("figure.now"),
        in_doubt: Lang::En.get("figure.in-doubt"),
        resources: ["A", "B"].map(String::from).to_vec(),
        ..Texts::default()
    };
    let mut defs = String::new();
    let mut out = String::new();
    for (width, compact) in WIDTHS {
        let figure = Figure::new(&plot, view.scene.meta, &texts, Frame::down(width, compact));
        let drawing = svg(&figure, &Lang::En.get("boot.picture"), "");
        let (head, rest) = drawing.split_once("<defs>").expect("definitions");
        let (own, rest) = rest.split_once("</defs>").expect("an end of them");
        defs = format!(
            r#"<svg class="boot-defs" width="0" height="0" aria-hidden="true"><defs>{own}</defs></svg>"#
        );
        let class = if compact { "boot-picture compact" } else { "boot-picture" };
        let head =
            head.replacen("<svg ", &format!(r#"<svg class="{class}" "#), 1).replace("<desc></desc>", "");
        out.push_str(&short(&in_both(format!("{head}{rest}"))));
    }
    defs + &out
}

/// A drawing whose words stand there in both languages.
fn in_both(mut svg: String) -> String {
    for key in ["figure.now", "figure.in-doubt"] {
        let [en, zh] = [Lang::En, Lang::Zh].map(|lang| lang.get(key));
        let end = format!(">{en}</text>");
        let parts: Vec<&str> = svg.split(&end).collect();
        let mut out = String::new();
        for (i, part) in parts.iter().enumerate() {
            if i + 1 == parts.len() {
                out.push_str(part);
                continue;
            }
            let (before, text) = part.rsplit_once("<text ").expect("an element begins");
            write!(out, r#"{before}<text lang="en" {text}>{en}</text><text lang="zh-CN" {text}>{zh}</text>"#)
                .expect("writing to a string never fails");
        }
        svg = out;
    }
    svg
}

/// Without what a browser does not need.
fn short(svg: &str) -> String {
    svg.replace(r#" xmlns="http://www.w3.org/2000/svg""#, "").replace(".0 ", " ").replace(".0\"", "\"")
}

/// Tales about the same thing.
fn shelf(shelf: &Shelf) -> String {
    let tales: String = shelf.tales.iter().map(tale).collect();
    format!(
        r#"  <div class="shelf"><h3>{}</h3><ul>{tales}</ul></div>"#,
        both("span", &Text::new(shelf.title))
    )
}

/// A run that has already gone wrong, as a link: it opens as soon as the program is there.
fn tale(tale: &Tale) -> String {
    let mut session = Session::default();
    session.update(Action::Script(tale.script.into()));
    let title = both("b", &Text::new(format!("tale.{}", tale.key)));
    let why = both("span", &Text::new(format!("tale.{}.why", tale.key)));
    format!(
        r#"<li><a class="tale" href="{}"><span>{title}<span class="quiet">{why}</span></span></a></li>"#,
        session.address()
    )
}
