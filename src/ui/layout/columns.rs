//! Where lifelines stand.

use crate::protocol::NodeId;
use crate::view::{Column, Plot};

/// A client's column is narrower: it keeps no log and no lock.
const CLIENT: f64 = 0.56;

/// How much of the width each column takes, from left to right. Cards above use the same weights, so that
/// each is the head of its lifeline.
pub fn column_weights(columns: &[Column]) -> Vec<f64> {
    columns.iter().map(|c| if c.client { CLIENT } else { 1.0 }).collect()
}

/// The width left of the first column, where the moments are counted.
pub fn gutter(compact: bool) -> f64 {
    if compact { 24.0 } else { 36.0 }
}

/// Where lifelines stand, and how much room there is around them.
#[derive(Clone, PartialEq, Debug)]
pub struct Columns {
    /// The x of each lifeline, by node.
    x: Vec<f64>,
    /// On which side of each lifeline there is nobody to talk to: -1 left, 1 right.
    outside: Vec<f64>,
    /// The width of the whole.
    pub width: f64,
    /// The width left of the first column.
    pub gutter: f64,
    /// The smallest distance between two neighbours that are not clients.
    pub pitch: f64,
    /// Half the width of a band.
    pub band: f64,
    /// The width of a lock's lane.
    pub lane: f64,
}

impl Columns {
    /// Columns within `width`, or wider if they would become too narrow.
    pub fn new(plot: &Plot, width: f64, compact: bool) -> Columns {
        let weights = column_weights(&plot.columns);
        let total: f64 = weights.iter().sum();
        let gutter = gutter(compact);
        let narrowest = if compact { 84.0 } else { 96.0 };
        let unit = ((width - gutter) / total.max(1.0)).max(narrowest);
        let hub = plot.columns.iter().position(|c| c.hub).unwrap_or(0);
        let mut x = vec![0.0; plot.columns.len()];
        let mut outside = vec![1.0; plot.columns.len()];
        let mut left = gutter;
        for (place, (column, weight)) in plot.columns.iter().zip(&weights).enumerate() {
            x[column.node.index()] = left + weight * unit / 2.0;
            outside[column.node.index()] = if place < hub { -1.0 } else { 1.0 };
            left += weight * unit;
        }
        let narrow = compact || unit < 120.0;
        Columns {
            x,
            outside,
            width: left.max(width),
            gutter,
            pitch: unit,
            band: if narrow { 13.0 } else { 20.0 },
            lane: if narrow { 4.0 } else { 6.0 },
        }
    }

    /// The x of a lifeline.
    pub fn x(&self, node: NodeId) -> f64 {
        self.x[node.index()]
    }

    /// All lifelines.
    pub fn lifelines(&self) -> &[f64] {
        &self.x
    }

    /// On which side of a lifeline there is nobody to talk to: -1 left, 1 right.
    pub fn outside(&self, node: NodeId) -> f64 {
        self.outside[node.index()]
    }

    /// The centre of the `k`-th lane of a node.
    pub fn lane_x(&self, node: NodeId, k: usize) -> f64 {
        let from_band = 3.0 + self.lane / 2.0 + k as f64 * (self.lane + 3.0);
        self.x(node) + self.outside(node) * (self.band + from_band)
    }

    /// Where words beside a node's lanes begin.
    pub fn beside(&self, node: NodeId, lanes: usize) -> f64 {
        self.lane_x(node, lanes.saturating_sub(1)) + self.outside(node) * (self.lane / 2.0 + 7.0)
    }
}
