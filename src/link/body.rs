//! What a link says, as bytes: the world, the present moment, and the steps of every branch.
//!
//! Everything is a number of 7 bits a byte, lowest first. What is common is a single number, and that a small
//! one. For `n` nodes these are, one after the other:
//!
//! - `n * n` for the delivery of the first message on a link, `from * n + to`;
//! - those of [`op`], with numbers of their own after them, for whatever is not common;
//! - `4 * n` for the first four timers of each node, and as many for the first four verbs;
//! - `n` for a crash that loses the tail, and `n` for a recovery.
//!
//! None of this depends on how many messages, timers or verbs the protocol has.
//!
//! After the steps come, if there are any, the moments that were marked: how many, then for each its number,
//! how many bytes its name has, and the name.

use super::{Damage, Decoded, LinkError, MAX_BRANCHES, MAX_STEPS, Reason};
use crate::protocol::{Command, NodeId, Params, Timer};
use crate::protocols::{self, Protocol};
use crate::run::{NAME_LIMIT, PIN_LIMIT, Place};
use crate::sim::{Act, Link, MsgRef, RULES, Setup, Step, Tail, Torn};

/// What is not the delivery of the first message on a link. Never reorder.
mod op {
    pub const GO: u32 = 0;
    pub const DELIVER: u32 = 1;
    pub const DROP: u32 = 2;
    pub const COPY: u32 = 3;
    pub const HOLD: u32 = 4;
    pub const RELEASE: u32 = 5;
    pub const FIRE: u32 = 6;
    pub const COMMAND: u32 = 7;
    pub const COMMAND_ABOUT: u32 = 8;
    pub const CRASH_KEPT: u32 = 9;
    pub const PAUSE: u32 = 10;
    pub const RESUME: u32 = 11;
    pub const CUT: u32 = 12;
    pub const HEAL: u32 = 13;
    pub const TORN: u32 = 14;
    pub const TORN_KEPT: u32 = 15;
    /// How many there are.
    pub const COUNT: u32 = 16;
}

/// How many timers, and how many verbs, of each node have a number of their own.
const SHORT: u32 = 4;

/// Added to how far a torn step got when a number follows that says who was told.
const TOLD: u32 = 256;

/// Where the numbers of what is common begin.
#[derive(Clone, Copy)]
struct Layout {
    nodes: u32,
    ops: u32,
    timers: u32,
    verbs: u32,
    crashes: u32,
    recoveries: u32,
    end: u32,
}

impl Layout {
    fn new(nodes: u32) -> Layout {
        let ops = nodes * nodes;
        let timers = ops + op::COUNT;
        let verbs = timers + SHORT * nodes;
        let crashes = verbs + SHORT * nodes;
        let recoveries = crashes + nodes;
        Layout { nodes, ops, timers, verbs, crashes, recoveries, end: recoveries + nodes }
    }

    /// How many links there are, each counted once in each direction.
    fn links(self) -> u32 {
        self.ops
    }

    /// The number of a link.
    fn link(self, from: NodeId, to: NodeId) -> u32 {
        u32::from(from.0) * self.nodes + u32::from(to.0)
    }

    /// The inverse of [`Layout::link`].
    fn ends(self, link: u32) -> (NodeId, NodeId) {
        (NodeId((link / self.nodes) as u8), NodeId((link % self.nodes) as u8))
    }
}

fn node_count(setup: &Setup) -> u32 {
    protocols::build(setup.clone()).scene().nodes.len() as u32
}

/// Writes everything.
pub fn write(setup: &Setup, tree: &[(Place, Step)], at: Place, pins: &[(Place, String)]) -> Vec<u8> {
    let mut out = Writer { bytes: Vec::new(), layout: Layout::new(node_count(setup)) };
    let usual = protocols::find(setup.protocol).expect("a setup names a protocol that exists").setup();
    let changed = |usual: &Params, params: &Params, rule: u32| -> Vec<(u32, u16)> {
        let pairs = (0u32..).zip(usual.values().iter().zip(params.values()));
        pairs.filter(|(_, (u, v))| u != v).map(|(i, (_, v))| (2 * i + rule, *v)).collect()
    };
    let changes = [changed(&usual.params, &setup.params, 0), changed(&usual.rules, &setup.rules, 1)].concat();
    out.number(changes.len() as u32);
    for (number, value) in changes {
        out.number(number);
        // No limit is the greatest value, and common.
        out.number(u32::from(value.wrapping_add(1)));
    }
    out.number(tree.len() as u32);
    out.number(at as u32);
    for (i, (parent, step)) in tree.iter().enumerate() {
        if *parent != i {
            out.op(op::GO);
            out.number(*parent as u32);
        }
        out.step(step);
    }
    if !pins.is_empty() {
        out.number(pins.len() as u32);
    }
    for (place, name) in pins {
        out.number(*place as u32);
        out.number(name.len() as u32);
        out.bytes.extend_from_slice(name.as_bytes());
    }
    out.bytes
}

struct Writer {
    bytes: Vec<u8>,
    layout: Layout,
}

impl Writer {
    fn number(&mut self, mut n: u32) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    fn op(&mut self, op: u32) {
        self.number(self.layout.ops + op);
    }

    fn message(&mut self, op: u32, m: MsgRef) {
        self.op(op);
        self.number(self.layout.link(m.from, m.to) + self.layout.links() * u32::from(m.nth));
    }

    fn link(&mut self, op: u32, link: Link) {
        self.op(op);
        self.number(self.layout.link(link.0, link.1));
    }

    /// A node and something small about it: one number where there is a short one.
    fn node(&mut self, short: u32, op: u32, node: NodeId, what: u8) {
        let both = u32::from(node.0) + self.layout.nodes * u32::from(what);
        if u32::from(what) < SHORT {
            self.number(short + both);
        } else {
            self.op(op);
            self.number(both);
        }
    }

    fn one_node(&mut self, op: u32, node: NodeId) {
        self.op(op);
        self.number(u32::from(node.0));
    }

    fn step(&mut self, step: &Step) {
        let Layout { timers, verbs, crashes, recoveries, .. } = self.layout;
        if let Some(torn) = step.torn {
            self.op(if torn.tail == Tail::Kept { op::TORN_KEPT } else { op::TORN });
            // Almost always the first ones were told: then nothing is said of it.
            self.number(u32::from(torn.after) + if torn.told == 0 { 0 } else { TOLD });
            if torn.told != 0 {
                self.number(u32::from(torn.told));
            }
        }
        match step.act {
            Act::Deliver(m) if m.nth == 0 => self.number(self.layout.link(m.from, m.to)),
            Act::Deliver(m) => self.message(op::DELIVER, m),
            Act::Drop(m) => self.message(op::DROP, m),
            Act::Duplicate(m) => self.message(op::COPY, m),
            Act::Hold(m) => self.message(op::HOLD, m),
            Act::Release(m) => self.message(op::RELEASE, m),
            Act::Fire(node, timer) => self.node(timers, op::FIRE, node, timer.0),
            Act::Command(node, Command { verb, arg: None }) => self.node(verbs, op::COMMAND, node, verb),
            Act::Command(node, Command { verb, arg: Some(arg) }) => {
                self.op(op::COMMAND_ABOUT);
                self.number(u32::from(node.0) + self.layout.nodes * u32::from(verb));
                self.number(u32::from(arg.0));
            }
            Act::Crash(node, Tail::Lost) => self.number(crashes + u32::from(node.0)),
            Act::Crash(node, Tail::Kept) => self.one_node(op::CRASH_KEPT, node),
            Act::Recover(node) => self.number(recoveries + u32::from(node.0)),
            Act::Pause(node) => self.one_node(op::PAUSE, node),
            Act::Resume(node) => self.one_node(op::RESUME, node),
            Act::Cut(link) => self.link(op::CUT, link),
            Act::Heal(link) => self.link(op::HEAL, link),
        }
    }
}

/// Reads everything, as far as it goes.
pub fn read(protocol: &Protocol, body: &[u8]) -> Result<Decoded, LinkError> {
    let mut reader = Reader { bytes: body, layout: Layout::new(1) };
    let setup = reader.setup(protocol)?;
    let count = reader.number().ok_or(LinkError::Head)? as usize;
    let at = reader.number().ok_or(LinkError::Head)? as usize;
    if count > MAX_STEPS {
        return Err(LinkError::TooLarge);
    }
    if at > count {
        return Err(LinkError::Head);
    }
    reader.layout = Layout::new(node_count(&setup));
    let mut tree = Vec::new();
    let reason = reader.steps(count, &mut tree).err();
    let (pins, excess) = match (reason.is_some(), reader.bytes.is_empty()) {
        (false, false) => reader.pins(count).map_or((Vec::new(), Some(Reason::Long)), |pins| (pins, None)),
        _ => (Vec::new(), None),
    };
    let damage = reason.or(excess).map(|reason| Damage { after_step: tree.len(), reason });
    Ok(Decoded { setup, at: at.min(tree.len()), tree, pins, damage })
}

struct Reader<'a> {
    bytes: &'a [u8],
    layout: Layout,
}

impl Reader<'_> {
    /// The next number; `None` if the bytes end, or if it is too great to be one of ours.
    fn number(&mut self) -> Option<u32> {
        let mut n = 0;
        for shift in [0, 7, 14, 21] {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            n |= u32::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    fn setup(&mut self, protocol: &Protocol) -> Result<Setup, LinkError> {
        let mut setup = protocol.setup();
        let meta = (protocol.meta)();
        let changes = self.number().ok_or(LinkError::Head)?;
        for _ in 0..changes {
            let number = self.number().ok_or(LinkError::Head)?;
            let value = self.number().and_then(|v| u16::try_from(v).ok()).ok_or(LinkError::Head)?;
            let value = value.wrapping_sub(1);
            let (specs, params) = match number % 2 {
                0 => (meta.params, &mut setup.params),
                _ => (RULES, &mut setup.rules),
            };
            let at = (number / 2) as usize;
            let Some(spec) = specs.get(at) else { return Err(LinkError::Parameter { number }) };
            if !params.set(specs, at, value) {
                return Err(LinkError::Value { key: spec.key, value });
            }
        }
        match setup.conflict(meta) {
            Some(key) => Err(LinkError::Conflict { key }),
            None => Ok(setup),
        }
    }

    fn steps(&mut self, count: usize, tree: &mut Vec<(Place, Step)>) -> Result<(), Reason> {
        let mut branches = 0;
        while tree.len() < count {
            let mut parent = tree.len();
            let mut first = self.need()?;
            if first == self.layout.ops + op::GO {
                branches += 1;
                if branches > MAX_BRANCHES {
                    return Err(Reason::Branches);
                }
                parent = self.need()? as usize;
                first = self.need()?;
            }
            if parent > tree.len() {
                return Err(Reason::Unreadable);
            }
            let step = self.step(first)?;
            tree.push((parent, step));
        }
        Ok(())
    }

    /// The moments that were marked, if that is what the rest says.
    fn pins(&mut self, last: Place) -> Option<Vec<(Place, String)>> {
        let count = self.number().filter(|n| (1..=PIN_LIMIT as u32).contains(n))?;
        let mut pins = Vec::new();
        for _ in 0..count {
            let place = self.number()? as Place;
            let length = self.number()? as usize;
            if place > last || length > NAME_LIMIT {
                return None;
            }
            let (name, rest) = self.bytes.split_at_checked(length)?;
            self.bytes = rest;
            pins.push((place, std::str::from_utf8(name).ok()?.to_string()));
        }
        self.bytes.is_empty().then_some(pins)
    }

    fn need(&mut self) -> Result<u32, Reason> {
        let ended = self.bytes.is_empty();
        self.number().ok_or(if ended || self.bytes.is_empty() { Reason::Short } else { Reason::Unreadable })
    }

    fn step(&mut self, first: u32) -> Result<Step, Reason> {
        let tail = match first.checked_sub(self.layout.ops) {
            Some(op::TORN) => Tail::Lost,
            Some(op::TORN_KEPT) => Tail::Kept,
            _ => return Ok(self.act(first)?.into()),
        };
        let after = self.need()?;
        let (after, told) = match after.checked_sub(TOLD) {
            Some(after) => (after, self.need()?),
            None => (after, 0),
        };
        let after = u8::try_from(after).map_err(|_| Reason::Unreadable)?;
        let told = u16::try_from(told).map_err(|_| Reason::Unreadable)?;
        let first = self.need()?;
        Ok(Step { act: self.act(first)?, torn: Some(Torn { after, tail, told }) })
    }

    fn act(&mut self, n: u32) -> Result<Act, Reason> {
        let Layout { ops, timers, verbs, crashes, recoveries, end, .. } = self.layout;
        let fire = |(node, timer)| Act::Fire(node, Timer(timer));
        let command = |(node, verb)| Act::Command(node, Command { verb, arg: None });
        let node = |n: u32| NodeId(n as u8);
        if n < ops {
            let (from, to) = self.layout.ends(n);
            Ok(Act::Deliver(MsgRef { from, to, nth: 0 }))
        } else if n < timers {
            self.rare(n - ops)
        } else if n < verbs {
            self.node(n - timers).map(fire)
        } else if n < crashes {
            self.node(n - verbs).map(command)
        } else if n < recoveries {
            Ok(Act::Crash(node(n - crashes), Tail::Lost))
        } else if n < end {
            Ok(Act::Recover(node(n - recoveries)))
        } else {
            Err(Reason::Unreadable)
        }
    }

    /// What has no number of its own.
    fn rare(&mut self, op: u32) -> Result<Act, Reason> {
        Ok(match op {
            op::DELIVER => Act::Deliver(self.message()?),
            op::DROP => Act::Drop(self.message()?),
            op::COPY => Act::Duplicate(self.message()?),
            op::HOLD => Act::Hold(self.message()?),
            op::RELEASE => Act::Release(self.message()?),
            op::FIRE => {
                let (node, timer) = self.need().and_then(|n| self.node(n))?;
                Act::Fire(node, Timer(timer))
            }
            op::COMMAND => {
                let (node, verb) = self.need().and_then(|n| self.node(n))?;
                Act::Command(node, Command { verb, arg: None })
            }
            op::COMMAND_ABOUT => {
                let (node, verb) = self.need().and_then(|n| self.node(n))?;
                let arg = Some(self.one_node()?);
                Act::Command(node, Command { verb, arg })
            }
            op::CRASH_KEPT => Act::Crash(self.one_node()?, Tail::Kept),
            op::PAUSE => Act::Pause(self.one_node()?),
            op::RESUME => Act::Resume(self.one_node()?),
            op::CUT => Act::Cut(self.link()?),
            op::HEAL => Act::Heal(self.link()?),
            _ => return Err(Reason::Unreadable),
        })
    }

    fn message(&mut self) -> Result<MsgRef, Reason> {
        let n = self.need()?;
        let nth = u8::try_from(n / self.layout.links()).map_err(|_| Reason::Unreadable)?;
        let (from, to) = self.layout.ends(n % self.layout.links());
        Ok(MsgRef { from, to, nth })
    }

    /// A node and something small about it.
    fn node(&self, n: u32) -> Result<(NodeId, u8), Reason> {
        let what = u8::try_from(n / self.layout.nodes).map_err(|_| Reason::Unreadable)?;
        Ok((NodeId((n % self.layout.nodes) as u8), what))
    }

    fn one_node(&mut self) -> Result<NodeId, Reason> {
        let n = self.need()?;
        if n < self.layout.nodes { Ok(NodeId(n as u8)) } else { Err(Reason::Unreadable) }
    }

    fn link(&mut self) -> Result<Link, Reason> {
        match self.message()? {
            MsgRef { from, to, nth: 0 } if from < to => Ok(Link(from, to)),
            _ => Err(Reason::Unreadable),
        }
    }
}
