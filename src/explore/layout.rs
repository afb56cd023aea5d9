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
    /// What one of it counts in these bits: more than 1 where others share them and lie below.
    pub step: u32,
    /// How many numbers there are, where the bits are shared: 5 numbers and 5 numbers are 25, which takes five bits
    /// and not six. 0 where the number has its bits for itself.
    pub base: u32,
}

impl Field {
    fn alone(word: u8, shift: u8, bits: u8) -> Field {
        Field { word, shift, bits, step: 1, base: 0 }
    }

    /// Its bits, all set, at the low end.
    pub fn ones(self) -> u64 {
        if self.bits == 0 { 0 } else { u64::MAX >> (64 - self.bits) }
    }

    /// The largest number that fits.
    pub fn max(self) -> u64 {
        if self.base > 0 { u64::from(self.base) - 1 } else { self.ones() }
    }

    /// The number in a packed world.
    #[inline(always)]
    pub fn get(self, words: &[u64]) -> u32 {
        if self.bits == 0 {
            return 0;
        }
        let all = (words[usize::from(self.word)] >> self.shift & self.ones()) as u32;
        if self.base > 0 { all / self.step % self.base } else { all }
    }

    /// A number at its place: to be added to what others have there.
    pub fn at(self, n: u32) -> u64 {
        if self.bits == 0 { 0 } else { (u64::from(n) * u64::from(self.step)) << self.shift }
    }

    /// The bits that it takes, be they its own or shared.
    pub fn mask(self) -> u64 {
        self.ones() << (self.shift % 64)
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
    /// A layout in as few words as there can be; `None` if [`MAX_WORDS`] are not enough. Room to grow comes before
    /// bits of one's own: a new layout among millions of worlds takes longer than a division in each.
    pub fn new(need: &Need) -> Option<Layout> {
        let sizes: Vec<u32> = need.locals.iter().map(|n| *n as u32).collect();
        let roomy: Vec<u32> = sizes.iter().map(|n| with_room(*n)).collect();
        let kinds =
            [Groups::alone(&roomy), Groups::shared(&roomy), Groups::alone(&sizes), Groups::shared(&sizes)];
        (1..=MAX_WORDS).find_map(|words| kinds.iter().find_map(|groups| groups.lay_out(need, words)))
    }

    /// Whether numbers up to these fit.
    pub fn fits(&self, locals: &[usize], messages: usize) -> bool {
        messages <= self.messages.len()
            && locals.iter().zip(&self.locals).all(|(n, f)| (*n as u64).saturating_sub(1) <= f.max())
    }
}

/// How many states to expect of a node of which so many are known. Who has many gets more.
fn with_room(known: u32) -> u32 {
    match known {
        0..2 => known,
        2..16 => known + 1,
        _ => known.saturating_mul(4),
    }
}

/// The most numbers that shared bits are for.
const MOST_SHARED: u32 = 1 << 16;

/// Which nodes share bits.
struct Groups {
    /// How many states there is to be room for.
    sizes: Vec<u32>,
    /// The nodes of each group, and in how many bits they fit.
    groups: Vec<(Vec<usize>, u8)>,
}

/// In how many bits that many numbers fit.
fn bits_of(numbers: u32) -> u8 {
    bits_for(u64::from(numbers).saturating_sub(1))
}

impl Groups {
    /// Everybody for himself.
    fn alone(sizes: &[u32]) -> Groups {
        let groups = sizes.iter().enumerate().map(|(node, n)| (vec![node], bits_of(*n))).collect();
        Groups { sizes: sizes.to_vec(), groups }
    }

    /// As many together as there can be, those with few states first: they waste most when alone.
    fn shared(sizes: &[u32]) -> Groups {
        let mut groups: Vec<(Vec<usize>, u8)> = Vec::new();
        let mut numbers = MOST_SHARED;
        for node in crate::order::by_key((0..sizes.len()).collect(), |node| (sizes[*node], *node)) {
            let size = sizes[node].max(1);
            match numbers.checked_mul(size).filter(|n| *n <= MOST_SHARED) {
                Some(n) if !groups.is_empty() => {
                    numbers = n;
                    let (nodes, bits) = groups.last_mut().expect("there is one");
                    nodes.push(node);
                    *bits = bits_of(n);
                }
                _ => {
                    numbers = size;
                    groups.push((vec![node], bits_of(size)));
                }
            }
        }
        Groups { sizes: sizes.to_vec(), groups }
    }

    /// The layout in so many words, if there is one. What room is left in them goes to the states of nodes and to
    /// messages to come.
    fn lay_out(&self, need: &Need, words: usize) -> Option<Layout> {
        let message = bits_for(u64::from(need.copies));
        // What is widest comes first, so that the narrow ones fill the gaps.
        let mut asked: Vec<(u8, usize)> = self.groups.iter().map(|(_, bits)| *bits).zip(0..).collect();
        let (groups, links) = (self.groups.len(), need.links);
        asked.extend((0..need.messages).map(|i| (message, groups + links + Fault::COUNT + i)));
        asked.extend((0..links).map(|i| (1, groups + i)));
        let faults = need.faults.iter().enumerate();
        asked
            .extend(faults.map(|(i, left)| (left.map_or(0, |n| bits_for(u64::from(n))), groups + links + i)));
        let asked = crate::order::by_key(asked, |(bits, i)| (u8::MAX - bits, *i));
        let (mut fields, mut used) = fill(&asked, words)?;
        let grow = (0..groups).filter(|g| self.groups[*g].0.len() == 1);
        widen(
            &mut fields,
            &mut used,
            &crate::order::by_key(grow.collect(), |g| (u8::MAX - self.groups[*g].1, *g)),
        );
        reserve(&mut fields, &mut used, message);
        let messages = fields.split_off(groups + links + Fault::COUNT);
        let faults = fields.split_off(groups + links);
        let cuts = fields.split_off(groups);
        let faults = std::array::from_fn(|i| faults[i]);
        Some(Layout { words, locals: self.split(&fields), messages, cuts, faults })
    }

    /// The fields of the nodes from those of their groups.
    fn split(&self, fields: &[Field]) -> Vec<Field> {
        let mut locals = vec![Field::default(); self.sizes.len()];
        for ((nodes, _), field) in self.groups.iter().zip(fields) {
            let mut step = 1;
            for node in nodes {
                let base = if nodes.len() > 1 { self.sizes[*node].max(1) } else { 0 };
                locals[*node] = Field { step, base, ..*field };
                step *= base.max(1);
            }
        }
        locals
    }
}

/// First fit: the fields by their number, and how many bits of each word are used.
fn fill(asked: &[(u8, usize)], words: usize) -> Option<(Vec<Field>, Vec<u8>)> {
    let mut used = vec![0u8; words];
    let mut fields = vec![Field::alone(0, 0, 0); asked.len()];
    for (bits, i) in asked {
        if *bits == 0 {
            continue;
        }
        let word = (0..words).find(|w| used[*w] + bits <= 64)?;
        fields[*i] = Field::alone(word as u8, used[word], *bits);
        used[word] += bits;
    }
    Some((fields, used))
}

/// Leaves the rest to messages that are not known yet.
fn reserve(fields: &mut Vec<Field>, used: &mut [u8], bits: u8) {
    for (word, used) in used.iter_mut().enumerate() {
        while *used + bits <= 64 {
            fields.push(Field::alone(word as u8, *used, bits));
            *used += bits;
        }
    }
}

/// Gives a bit more to each of these, one after another, as long as there is room: moves what lies above them.
fn widen(fields: &mut [Field], used: &mut [u8], grow: &[usize]) {
    for i in grow {
        let field = fields[*i];
        let used = &mut used[usize::from(field.word)];
        if *used == 64 || field.bits == 0 {
            continue;
        }
        for other in fields.iter_mut() {
            if other.word == field.word && other.bits > 0 && other.shift > field.shift {
                other.shift += 1;
            }
        }
        fields[*i].bits += 1;
        *used += 1;
    }
}
