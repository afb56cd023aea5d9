//! Runs that have already gone wrong, to walk into: scripts, and where each stands on the opening page.

/// A run that has already gone wrong.
pub struct Tale {
    /// The middle of the keys of its texts.
    pub key: &'static str,
    /// The run.
    pub script: &'static str,
}

/// Tales about the same thing.
pub struct Shelf {
    /// The key of its title.
    pub title: &'static str,
    /// As few as stand beside each other without crowding the page.
    pub tales: &'static [Tale],
}

macro_rules! tales {
    ($($key:literal),+) => {
        &[$(Tale { key: $key, script: include_str!(concat!("../../www/tales/", $key, ".txt")) }),+]
    };
}

/// Every tale, in the order of the page.
pub const SHELVES: [Shelf; 3] = [
    Shelf { title: "tale.of-commit", tales: tales!["half-way", "not-forced", "impatient"] },
    Shelf { title: "tale.of-requests", tales: tales!["asked-again", "at-once", "no-such-file"] },
    Shelf { title: "tale.of-copies", tales: tales!["late-holder", "handed-out-again", "old-copy"] },
];
