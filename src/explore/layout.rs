//! Where each number of a world lies in its packed words. No field straddles two words, so that a step is an
//! addition word by word.

use super::question::{Budget, Fault};

/// The most words of a packed world.
pub const MAX_WORDS: usize = 16;

/// A field in a packed world.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Field {
    /// Which word.
    pub word: u8,
    /// Its lowest bit.
    pub shift: u8,
    /// How many bits; none for a number that is always 0.
    pub bits: u8,
}

impl Field {
    /// The largest number that fits.
    pub fn max(self) -> u64 {
        if self.bits == 0 { 0 } else { u64::MAX >> (64 - self.bits) }
    }

    /// The number in a packed world.
    #[inline(always)]
    pub fn get(self, words: &[u64]) -> u32 {
        if self.bits == 0 {
            return 0;
        }
        (words[usize::from(self.word)] >> self.shift & self.max()) as u32
    }

    /// A number at its place.
    pub fn at(self, n: u32) -> u64 {
        if self.bits == 0 { 0 } else { u64::from(n) << self.shift }
    }

    /// The bits that it takes.
    pub fn mask(self) -> u64 {
        if self.bits == 0 { 0 } else { self.max() << self.shift }
    }
}

/// How many bits hold the numbers 0 to `max`.
pub fn bits_for(max: u64) -> u8 {
    (64 - max.leading_zeros()) as u8
}

/// What a layout has to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Need {
    /// How many states of each node are known.
    pub locals: Vec<usize>,
    /// How many messages are known.
    pub messages: usize,
    /// The largest count of a message.
    pub copies: u8,
    /// How many links may be cut.
    pub links: usize,
    /// How much of each fault is left at the start; `None` if it is not counted.
    pub faults: [Option<u8>; Fault::COUNT],
}

impl Need {
    /// Which budgets are counted: those that are finite and not spent from the start.
    pub fn counted(budget: &Budget) -> [Option<u8>; Fault::COUNT] {
        budget.faults.map(|left| left.filter(|n| *n > 0))
    }
}

/// Where everything lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// How many words.
    pub words: usize,
    /// The state of each node.
    pub locals: Vec<Field>,
    /// The count of each message.
    pub messages: Vec<Field>,
    /// Whether each link is cut.
    pub cuts: Vec<Field>,
    /// What is left of each fault.
    pub faults: [Field; Fault::COUNT],
}

impl Layout {
    /// The tightest layout, with what room is left over in its words given to the states of nodes and to
    /// messages to come; `None` if [`MAX_WORDS`] are not enough.
    pub fn new(need: &Need) -> Option<Layout> {
        let message = bits_for(u64::from(need.copies));
        let tight: Vec<u8> = need.locals.iter().map(|n| bits_for((*n as u64).saturating_sub(1))).collect();
        // What is widest comes first, so that the narrow ones fill the gaps.
        let mut asked: Vec<(u8, usize)> = tight.iter().copied().zip(0..).collect();
        let (nodes, links) = (need.locals.len(), need.links);
        asked.extend((0..need.messages).map(|i| (message, nodes + links + Fault::COUNT + i)));
        asked.extend((0..links).map(|i| (1, nodes + i)));
        let faults = need.faults.iter().enumerate();
        asked.extend(faults.map(|(i, left)| (left.map_or(0, |n| bits_for(u64::from(n))), nodes + links + i)));
        let asked = crate::order::by_key(asked, |(bits, i)| (u8::MAX - bits, *i));
        let words = (1..=MAX_WORDS).find(|words| fill(&asked, *words).is_some())?;
        let (mut fields, used) = fill(&asked, words)?;
        let mut used = used;
        widen(&mut fields, &mut used, nodes);
        reserve(&mut fields, &mut used, message);
        let messages = fields.split_off(nodes + links + Fault::COUNT);
        let faults = fields.split_off(nodes + links);
        let cuts = fields.split_off(nodes);
        let faults = std::array::from_fn(|i| faults[i]);
        Some(Layout { words, locals: fields, messages, cuts, faults })
    }

    /// Whether numbers up to these fit.
    pub fn fits(&self, locals: &[usize], messages: usize) -> bool {
        messages <= self.messages.len()
            && locals.iter().zip(&self.locals).all(|(n, f)| (*n as u64).saturating_sub(1) <= f.max())
    }
}

/// First fit: the fields by their number, and how many bits of each word are used.
fn fill(asked: &[(u8, usize)], words: usize) -> Option<(Vec<Field>, Vec<u8>)> {
    let mut used = vec![0u8; words];
    let mut fields = vec![Field::default(); asked.len()];
    for (bits, i) in asked {
        if *bits == 0 {
            continue;
        }
        let word = (0..words).find(|w| used[*w] + bits <= 64)?;
        fields[*i] = Field { word: word as u8, shift: used[word], bits: *bits };
        used[word] += bits;
    }
    Some((fields, used))
}

/// Leaves the rest to messages that are not known yet.
fn reserve(fields: &mut Vec<Field>, used: &mut [u8], bits: u8) {
    for (word, used) in used.iter_mut().enumerate() {
        while *used + bits <= 64 {
            fields.push(Field { word: word as u8, shift: *used, bits });
            *used += bits;
        }
    }
}

/// Gives a bit more to the states of nodes as long as there is room: moves what lies above them.
fn widen(fields: &mut [Field], used: &mut [u8], nodes: usize) {
    for (word, used) in used.iter_mut().enumerate() {
        for i in 0..nodes {
            let field = fields[i];
            if *used == 64 || usize::from(field.word) != word || field.bits == 0 {
                continue;
            }
            for other in fields.iter_mut() {
                if usize::from(other.word) == word && other.bits > 0 && other.shift > field.shift {
                    other.shift += 1;
                }
            }
            fields[i].bits += 1;
            *used += 1;
        }
    }
}
