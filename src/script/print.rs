//! Writes steps and runs as scripts.

use super::Names;
use super::parse::START;
use super::settings::print_setup;
use crate::order;
use crate::protocol::{NodeId, Timer};
use crate::protocols;
use crate::run::{History, Place};
use crate::sim::{Act, Link, Machine, MsgRef, Setup, Step, Tail};

impl Names {
    /// The names in a world.
    pub fn of(machine: &dyn Machine) -> Names {
        let nodes = machine.scene().nodes.into_iter().map(|n| n.name).collect();
        Names { meta: machine.meta(), nodes }
    }

    /// The word of a timer.
    pub fn timer(&self, timer: Timer) -> &'static str {
        self.meta.timers.get(usize::from(timer.0)).map_or("?", |t| t.word)
    }
}

/// A run as a script: reading it gives the same steps again. A step that is not possible ends it.
pub fn print(setup: &Setup, steps: &[Step]) -> String {
    let mut machine = protocols::build(setup.clone());
    let names = Names::of(&*machine);
    let mut lines = vec![print_setup(setup)];
    for step in steps {
        let line = print_step(&names, &*machine, step);
        if machine.apply(step).is_err() {
            break;
        }
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

/// A whole history as a script, every branch of it, in the order in which its moments were first reached.
pub fn print_history(history: &History) -> String {
    let beginning = history.run_at(0);
    let names = Names::of(beginning.machine());
    // The moments that the script comes back to.
    let jumps = |p: &Place| history.parent(*p).filter(|parent| parent + 1 != *p);
    let mut marked = order::set((1..history.len()).filter_map(|p| jumps(&p)));
    let last = history.len() - 1;
    if history.at() != last {
        marked.insert(history.at());
    }
    let mark = |p: Place| if p == 0 { START.to_string() } else { format!("m{p}") };
    let mut lines = vec![print_setup(beginning.machine().setup())];
    let mut run = beginning;
    for place in 1..history.len() {
        if let Some(parent) = jumps(&place) {
            lines.push(format!("goto {}", mark(parent)));
            run = history.run_at(parent);
        }
        let step = history.step(place).expect("every moment but the first has a step");
        lines.push(print_step(&names, run.machine(), &step));
        run.step(&step).expect("a step that was taken once can be taken again");
        if marked.contains(&place) {
            lines.push(format!("mark {}", mark(place)));
        }
    }
    if history.at() != last {
        lines.push(format!("goto {}", mark(history.at())));
    }
    lines.join("\n") + "\n"
}

/// Who was told, where that is not as usual.
fn told(names: &Names, told: u16) -> String {
    let all: Vec<_> = (0..16).map(NodeId).filter(|n| told & 1 << n.0 != 0).map(|n| names.node(n)).collect();
    if all.is_empty() { String::new() } else { format!(" told={}", all.join(",")) }
}

/// A step as scripts write it, in the world before it.
pub fn print_step(names: &Names, machine: &dyn Machine, step: &Step) -> String {
    let message = |how: &str, m: MsgRef| {
        let flights = machine.flights(m.from, m.to);
        let at = flights.iter().position(|(at, _)| *at == m);
        let word = at.map_or("?", |at| flights[at].1.word);
        let k = flights.iter().take(at.unwrap_or(0)).filter(|(_, said)| said.word == word).count() + 1;
        let nth = if k == 1 { String::new() } else { format!("#{k}") };
        format!("{how} {}>{} {word}{nth}", names.node(m.from), names.node(m.to))
    };
    let tail = |tail: Tail| if tail == Tail::Kept { " tail=kept" } else { "" };
    let link = |how: &str, l: Link| format!("{how} {} {}", names.node(l.0), names.node(l.1));
    let text = match step.act {
        Act::Deliver(m) => message("deliver", m),
        Act::Drop(m) => message("drop", m),
        Act::Duplicate(m) => message("copy", m),
        Act::Hold(m) => message("hold", m),
        Act::Release(m) => message("release", m),
        Act::Fire(node, timer) => format!("fire {} {}", names.node(node), names.timer(timer)),
        Act::Command(node, command) => {
            let verb = names.meta.verbs.get(usize::from(command.verb)).map_or("?", |v| v.word);
            let arg = command.arg.map(|id| format!(" {}", names.node(id)));
            format!("do {} {verb}{}", names.node(node), arg.unwrap_or_default())
        }
        Act::Crash(node, how) => format!("crash {}{}", names.node(node), tail(how)),
        Act::Recover(node) => format!("recover {}", names.node(node)),
        Act::Pause(node) => format!("pause {}", names.node(node)),
        Act::Resume(node) => format!("resume {}", names.node(node)),
        Act::Cut(l) => link("cut", l),
        Act::Heal(l) => link("heal", l),
    };
    match step.torn {
        Some(torn) => format!("{text} torn={}{}{}", torn.after, told(names, torn.told), tail(torn.tail)),
        None => text,
    }
}
