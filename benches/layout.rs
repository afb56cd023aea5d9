//! `cargo bench --bench layout`: how long it takes to lay out long runs, all of them and what is in sight. Times
//! differ from machine to machine, so nothing is asserted.

use indoubt::protocols;
use indoubt::script;
use indoubt::ui::layout::{Figure, Frame, Shown, Texts};
use indoubt::view::Plot;
use std::hint::black_box;
use std::time::Instant;

/// How often each is laid out.
const TIMES: u32 = 10;

/// A transaction that commits, and then a client that puts money in again and again.
fn run(moments: usize) -> Plot {
    let mut script = String::from(
        "world 2pc\n\
         do C begin\ndeliver C>P1 prepare\ndeliver C>P2 prepare\ndeliver P1>C yes\ndeliver P2>C yes\n\
         deliver C>P1 commit\ndeliver C>P2 commit\ndeliver P1>C ack\ndeliver P2>C ack\n",
    );
    for _ in 0..moments / 3 {
        script.push_str("do K ask P2\ndeliver K>P2 ask\ndeliver P2>K done\n");
    }
    Plot::new(&script::load(&script).expect("a script").history, None)
}

fn main() {
    let (meta, texts) = ((protocols::ALL[0].meta)(), Texts::default());
    for moments in [500, 5_000] {
        let plot = run(moments);
        for (name, shown) in [("all of it", Shown::All), ("what is in sight", Shown::Tail(2_000.0))] {
            let frame = Frame { shown, ..Frame::down(740.0, false) };
            let start = Instant::now();
            for _ in 0..TIMES {
                black_box(Figure::new(&plot, meta, &texts, frame));
            }
            let each = start.elapsed() / TIMES;
            println!("{moments} moments, {name}: {:.2} ms", each.as_secs_f64() * 1000.0);
        }
    }
}
