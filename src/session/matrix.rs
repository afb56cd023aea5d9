//! Every strategy, one after the other: what was asked of the explorer, and what it has found so far.

use crate::explore::job::{Request, Start};
use crate::explore::{OutcomeFound, Progress, State, Trouble};
use crate::sim::Setup;
use crate::view::matrix::{question, worlds};

/// One strategy.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Its world.
    pub world: Setup,
    /// How far the search has come, if it has begun.
    pub progress: Option<Progress>,
    /// What can come of it; empty until the search is over.
    pub outcomes: Vec<OutcomeFound>,
    /// Why it could not be searched.
    pub trouble: Option<Trouble>,
}

impl Row {
    /// Whether nothing more is to come.
    pub fn over(&self) -> bool {
        self.trouble.is_some() || self.progress.as_ref().is_some_and(|p| p.state != State::Running)
    }

    /// Whether every world was looked at, so that an empty cell is a proof.
    pub fn complete(&self) -> bool {
        self.progress.as_ref().is_some_and(|p| p.state == State::Exhausted)
    }
}

/// The table.
#[derive(Clone, PartialEq, Debug)]
pub struct Matrix {
    /// The world that the rows differ from in their strategy.
    pub of: Setup,
    /// By strategy.
    pub rows: Vec<Row>,
    /// The number under which the worker knows the row that it works on.
    live: Option<(u32, usize)>,
}

impl Matrix {
    /// A table with nothing in it yet.
    pub fn new(of: &Setup) -> Matrix {
        let row = |world| Row { world, progress: None, outcomes: Vec::new(), trouble: None };
        Matrix { of: of.clone(), rows: worlds(of).into_iter().map(row).collect(), live: None }
    }

    /// Whether it is the table for this world, too: what it says depends on little of it.
    pub fn is_about(&mut self, setup: &Setup) -> bool {
        let same = self.rows.iter().map(|row| &row.world).eq(worlds(setup).iter());
        if same {
            self.of = setup.clone();
        }
        same
    }

    /// Whether the worker is at it.
    pub fn working(&self) -> bool {
        self.live.is_some()
    }

    /// The row that the worker is at.
    pub fn at(&self) -> Option<usize> {
        self.live.map(|(_, row)| row)
    }

    /// Whether every row is filled.
    pub fn full(&self) -> bool {
        self.rows.iter().all(Row::over)
    }

    /// Asks for the next row under this number, if there is one left.
    pub fn next(&mut self, id: u32) -> Option<Request> {
        let row = self.rows.iter().position(|row| !row.over());
        self.live = row.map(|row| (id, row));
        let world = Start::from(&self.rows[row?].world);
        Some(Request::Ask { id, world, steps: Vec::new(), question: question() })
    }

    /// The worker was asked something else, or is no more.
    pub fn halt(&mut self) {
        if let Some((_, row)) = self.live.take() {
            self.rows[row].progress = None;
        }
    }

    /// Hears how far a row has come. True if it is over, and the next one may be asked for.
    pub fn hear(&mut self, id: u32, heard: Result<(Progress, Vec<OutcomeFound>), Trouble>) -> bool {
        let Some((_, at)) = self.live.filter(|(live, _)| *live == id) else { return false };
        let row = &mut self.rows[at];
        match heard {
            Ok((progress, outcomes)) => (row.progress, row.outcomes) = (Some(progress), outcomes),
            Err(trouble) => row.trouble = Some(trouble),
        }
        row.over()
    }

    /// Whether a reply with this number is about the table.
    pub fn knows(&self, id: u32) -> bool {
        self.live.is_some_and(|(live, _)| live == id)
    }
}
