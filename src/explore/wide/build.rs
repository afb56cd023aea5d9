//! How a search is put together.

use super::batch::Batch;
use super::gear::Gear;
use super::{NONE, Wide};
use crate::explore::engine::{Apart, Engine, Way};
use crate::explore::layout::Layout;
use crate::explore::store::Store;
use std::sync::Arc;

impl<const W: usize> Wide<W> {
    /// Puts a search together.
    pub fn build(apart: Apart, layout: Layout) -> Box<dyn Engine> {
        let way = Way::between(&apart.layout, &layout);
        let mut engine = Box::new(Wide {
            gear: Arc::new(Gear::new(layout, &apart.course)),
            course: apart.course,
            store: Store::new(),
            family: apart.family,
            expanded: apart.expanded,
            // In another layout steps are tried in another order.
            found_by: std::iter::repeat_n(NONE, apart.worlds.count() - apart.expanded).collect(),
            batch: Batch::new(),
            slots: Vec::new(),
            hints: Vec::new(),
        });
        for n in 0..apart.worlds.count() {
            let mut world = [0; W];
            apart.worlds.carry(n, &way, &mut world);
            engine.store.push(&world);
        }
        engine.store.index();
        engine.course.moved += apart.worlds.count() as u64;
        engine
    }
}
