//! Where lifelines stand.

use super::frame::{Frame, Way};
use super::number::between;
use crate::protocol::NodeId;
use crate::view::{Column, Plot};

/// A client's column is narrower: it keeps no log and no lock.
const CLIENT: f64 = 0.56;
/// On a narrow screen its card says nearly as much as those of others.
const CLIENT_COMPACT: f64 = 0.78;
/// Its row is as high as its card needs.
const CLIENT_LOW: f64 = 0.9;

/// How much of the width each column takes, from left to right. Cards above use the same weights, so that
/// each is the head of its lifeline.
pub fn column_weights(columns: &[Column], way: Way, compact: bool) -> Vec<f64> {
    let client = match (way, compact) {
        (Way::Down, false) => CLIENT,
        (Way::Down, true) => CLIENT_COMPACT,
        (Way::Right, _) => CLIENT_LOW,
    };
    columns.iter().map(|c| if c.client { client } else { 1.0 }).collect()
}

/// The room before the first column, where the moments are counted.
pub fn gutter(way: Way, compact: bool) -> f64 {
    match (way, compact) {
        (Way::Down, true) => 24.0,
        (Way::Down, false) => 36.0,
        (Way::Right, _) => 28.0,
    }
}

/// The least and the most that a column takes: cards must be readable, and rows must not drift apart.
fn limits(way: Way, compact: bool) -> (f64, f64) {
    match (way, compact) {
        (Way::Down, true) => (88.0, f64::INFINITY),
        (Way::Down, false) => (128.0, f64::INFINITY),
        (Way::Right, true) => (112.0, 136.0),
        (Way::Right, false) => (112.0, 168.0),
    }
}

/// Where lifelines stand, and how much room there is around them.
#[derive(Clone, PartialEq, Debug)]
pub struct Columns {
    /// The x of each lifeline, by node.
    x: Vec<f64>,
    /// How much each column takes, by node.
    room: Vec<f64>,
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
    /// Columns within the room across, or wider if they would become too narrow.
    pub fn new(plot: &Plot, frame: &Frame) -> Columns {
        let Frame { across: width, compact, way, .. } = *frame;
        let weights = column_weights(&plot.columns, way, compact);
        let total: f64 = weights.iter().sum();
        let gutter = gutter(way, compact);
        let (least, most) = limits(way, compact);
        let unit = between((width - gutter) / total.max(1.0), least, most);
        let hub = plot.columns.iter().position(|c| c.hub).unwrap_or(0);
        let mut x = vec![0.0; plot.columns.len()];
        let (mut room, mut outside) = (x.clone(), vec![1.0; plot.columns.len()]);
        let mut left = gutter;
        for (place, (column, weight)) in plot.columns.iter().zip(&weights).enumerate() {
            x[column.node.index()] = left + weight * unit / 2.0;
            room[column.node.index()] = weight * unit;
            outside[column.node.index()] = if place < hub { -1.0 } else { 1.0 };
            left += weight * unit;
        }
        let narrow = compact || unit < 136.0;
        Columns {
            x,
            room,
            outside,
            width: if way == Way::Down { left.max(width) } else { left },
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

    /// How much the column of a node takes.
    pub fn room(&self, node: NodeId) -> f64 {
        self.room[node.index()]
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
