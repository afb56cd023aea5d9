//! What steps are worked out with: everything that depends on the layout. Nothing of it changes while nothing new
//! is learnt.

use super::moves::{Inbox, Lane, Move, Seat};
use crate::explore::course::{Course, Early};
use crate::explore::engine::fields;
use crate::explore::layout::Layout;
use crate::explore::question::Fault;

/// What steps are worked out with.
#[derive(Clone)]
pub struct Gear<const W: usize> {
    pub layout: Layout,
    pub moves: Vec<Move<W>>,
    /// Says of no step that it was tried before.
    pub fresh: Move<W>,
    pub caps: Vec<(Lane, u8)>,
    pub nodes: Vec<Seat>,
    pub faults: [Lane; Fault::COUNT],
    pub inboxes: Vec<Inbox>,
    /// The same for each bit of each word.
    pub by_bit: Vec<[Inbox; 64]>,
    /// The bits of each word that count messages.
    pub letters: [u64; W],
    /// What can still reach each node, links aside.
    pub pending: Vec<[u64; W]>,
}

impl<const W: usize> Gear<W> {
    /// For a layout, and all that is known.
    pub fn new(layout: Layout, course: &Course) -> Self {
        let nothing = [0; W];
        let fresh = Move {
            delta: nothing,
            sends: nothing,
            takes: nothing,
            before: nothing,
            nodes: 0,
            node: u8::MAX,
            timeout: false,
            caps: 0,
            first_cap: 0,
            faults: 0,
        };
        let mut gear = Gear {
            moves: Vec::new(),
            fresh,
            caps: Vec::new(),
            nodes: layout.locals.iter().copied().map(Seat::new).collect(),
            faults: layout.faults.map(Lane::new),
            inboxes: Vec::new(),
            by_bit: vec![[Inbox::NOBODYS; 64]; W],
            letters: nothing,
            pending: Vec::new(),
            layout,
        };
        gear.adapt(course);
        gear
    }

    /// The world with these numbers.
    pub fn pack(&self, numbers: &[u32]) -> [u64; W] {
        let mut world = [0u64; W];
        for (n, field) in numbers.iter().zip(fields(&self.layout)) {
            world[usize::from(field.word)] += field.at(*n);
        }
        world
    }

    /// Takes in what the course has learnt, which must fit the layout.
    pub fn learn(&mut self, course: &Course) {
        if course.letters().len() > self.inboxes.len() {
            self.adapt(course);
        } else {
            (self.moves.len()..course.arcs.len()).for_each(|n| self.add_move(course, n));
        }
    }

    /// Works out everything that depends on the layout.
    fn adapt(&mut self, course: &Course) {
        let letters = course.letters().to_vec();
        self.inboxes.clear();
        for (n, letter) in letters.iter().enumerate() {
            let field = self.layout.messages[n];
            let word = usize::from(field.word);
            self.letters[word] |= field.mask();
            let link = course.link(letter.from, letter.to);
            let inbox = Inbox {
                field: Lane::new(field),
                to: self.nodes[letter.to.index()],
                link: link.map_or(Lane::NONE, |l| Lane::new(self.layout.cuts[l])),
                message: n as u32,
                node: letter.to.0,
                held: letter.held,
            };
            self.inboxes.push(inbox);
            let first = usize::from(field.shift);
            self.by_bit[word][first..first + usize::from(field.bits)].fill(inbox);
        }
        self.pending = vec![[0; W]; self.nodes.len()];
        for (inbox, field) in self.inboxes.iter().zip(&self.layout.messages) {
            self.pending[usize::from(inbox.node)][usize::from(field.word)] |= field.mask();
        }
        self.moves.clear();
        self.caps.clear();
        for n in 0..course.arcs.len() {
            self.add_move(course, n);
        }
    }

    /// Turns the `n`-th arc into numbers to add.
    fn add_move(&mut self, course: &Course, n: usize) {
        let (placed, tables) = (&course.arcs[n], course.tables());
        let (node, arc) = (placed.node.0, &placed.arc);
        let mut m = Move { node, nodes: node, ..self.fresh };
        let field = self.layout.locals[placed.node.index()];
        m.delta[usize::from(field.word)] = field.at(arc.to).wrapping_sub(field.at(placed.local));
        let kept = tables.kept;
        m.first_cap = self.caps.len() as u32;
        for (message, times) in runs(&arc.sends) {
            let field = self.layout.messages[message as usize];
            let word = usize::from(field.word);
            m.sends[word] |= if kept { field.at(1) } else { field.mask() };
            if !kept {
                m.delta[word] = m.delta[word].wrapping_add(field.at(u32::from(times)));
                if tables.copies > 1 || times > 1 {
                    self.caps.push((Lane::new(field), times));
                    m.caps += 1;
                }
            }
        }
        for fault in Fault::ALL.into_iter().filter(|f| arc.faults >> *f as u16 & 1 == 1) {
            let field = self.layout.faults[fault as usize];
            if field.bits > 0 {
                m.faults |= 1 << fault as u16;
                let word = usize::from(field.word);
                m.delta[word] = m.delta[word].wrapping_sub(field.at(1));
            }
        }
        m.faults &= !(1 << Fault::Crashes as u16);
        m.timeout = arc.timeout && tables.early != Early::Free;
        if let Some(message) = placed.message {
            let field = self.layout.messages[message as usize];
            let word = usize::from(field.word);
            m.nodes = u8::MAX;
            if !kept {
                m.takes[word] = field.mask();
                m.delta[word] = m.delta[word].wrapping_sub(field.at(1));
            }
            m.before = std::array::from_fn(|i| match i.cmp(&word) {
                std::cmp::Ordering::Less => u64::MAX,
                std::cmp::Ordering::Equal => (1 << field.shift) - 1,
                std::cmp::Ordering::Greater => 0,
            });
            for i in 0..W {
                m.before[i] &= self.letters[i] & !m.sends[i];
            }
        }
        self.moves.push(m);
    }
}

/// How often each number stands in an ascending list.
fn runs(list: &[u32]) -> impl Iterator<Item = (u32, u8)> + '_ {
    list.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u8))
}
