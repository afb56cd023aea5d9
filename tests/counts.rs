//! What a run without failures costs, held against the formulas of the literature: Mohan, Lindsay and
//! Obermarck 1986 for presumed abort and presumed commit, Lampson and Lomet 1993 for the log writes.
//!
//! Counted: messages between nodes, receipts included; forced and unforced log writes; message delays until
//! the coordinator and until the last participant decides.

use indoubt::protocols;
use indoubt::run::reference;
use indoubt::script;

/// A row of the table: a variant, how the votes fall, and what that costs for `n` participants of whom `u`
/// change something.
struct Row {
    world: &'static str,
    /// The votes, last one aside, and the last one.
    votes: (&'static str, &'static str),
    messages: fn(u32, u32) -> u32,
    forced: fn(u32, u32) -> u32,
    unforced: fn(u32, u32) -> u32,
    delay: (u16, u16),
}

const YES: (&str, &str) = ("yes", "yes");
const ONE_NO: (&str, &str) = ("yes", "no");
const ALL_READ: (&str, &str) = ("read-only", "read-only");
const ONE_READS: (&str, &str) = ("yes", "read-only");
const ONE_WRITES: (&str, &str) = ("read-only", "yes");

const fn row(
    world: &'static str,
    votes: (&'static str, &'static str),
    messages: fn(u32, u32) -> u32,
    forced: fn(u32, u32) -> u32,
    unforced: fn(u32, u32) -> u32,
    delay: (u16, u16),
) -> Row {
    Row { world, votes, messages, forced, unforced, delay }
}

const TABLE: &[Row] = &[
    row("presumption=nothing", YES, |n, _| 4 * n, |n, _| 2 * n + 1, |_, _| 1, (2, 3)),
    row("presumption=nothing start-record=on", YES, |n, _| 4 * n, |n, _| 2 * n + 1, |_, _| 2, (2, 3)),
    row("presumption=nothing", ONE_NO, |n, _| 4 * n - 2, |n, _| 2 * n, |_, _| 1, (2, 3)),
    row("presumption=nothing", ALL_READ, |n, _| 4 * n, |n, _| 2 * n + 1, |_, _| 1, (2, 3)),
    row("presumption=abort", YES, |n, _| 4 * n, |n, _| 2 * n + 1, |_, _| 1, (2, 3)),
    row("presumption=abort", ONE_NO, |n, _| 3 * n - 1, |n, _| n - 1, |n, _| n + 1, (2, 3)),
    row("presumption=abort abort-record=off", ONE_NO, |n, _| 3 * n - 1, |n, _| n - 1, |n, _| n, (2, 3)),
    row("presumption=abort", ALL_READ, |n, _| 2 * n, |_, _| 0, |_, _| 0, (2, 2)),
    row("presumption=abort", ONE_READS, |n, u| 2 * (n - u) + 4 * u, |_, u| 2 * u + 1, |_, _| 1, (2, 3)),
    row("presumption=abort", ONE_WRITES, |n, u| 2 * (n - u) + 4 * u, |_, u| 2 * u + 1, |_, _| 1, (2, 3)),
    row("presumption=commit", YES, |n, _| 3 * n, |n, _| n + 2, |n, _| n, (2, 3)),
    row("presumption=commit", ONE_NO, |n, _| 4 * n - 2, |n, _| 2 * n - 1, |_, _| 3, (2, 3)),
    row("presumption=commit", ALL_READ, |n, _| 2 * n, |_, _| 1, |_, _| 1, (2, 2)),
    row("presumption=commit", ONE_READS, |n, u| 2 * (n - u) + 3 * u, |_, u| u + 2, |_, u| u, (2, 3)),
    row("presumption=commit", ONE_WRITES, |n, u| 2 * (n - u) + 3 * u, |_, u| u + 2, |_, u| u, (2, 3)),
];

#[test]
fn every_row_of_the_cost_table_is_what_a_run_costs() {
    for n in [2, 3, 5] {
        for row in TABLE {
            let votes: Vec<_> = (1..n).map(|_| row.votes.0).chain([row.votes.1]).collect();
            let updaters = votes.iter().filter(|v| **v != "read-only").count() as u32;
            let world = format!("world 2pc participants={n} votes={} {}", votes.join(","), row.world);
            let setup = script::parse(&world).unwrap_or_else(|e| panic!("{world}: {e}")).setup;
            let cost = reference(&*protocols::build(setup)).expect("a protocol that begins with a command");
            assert_eq!(cost.messages, (row.messages)(n, updaters), "messages: {world}");
            assert_eq!(cost.forced, (row.forced)(n, updaters), "forced: {world}");
            assert_eq!(cost.unforced, (row.unforced)(n, updaters), "unforced: {world}");
            assert_eq!(
                (cost.decision_delay, cost.outcome_delay),
                (Some(row.delay.0), Some(row.delay.1)),
                "{world}"
            );
        }
    }
}
