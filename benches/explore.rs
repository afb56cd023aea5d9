//! `cargo bench --bench explore`: the same table as `indoubt bench`.

#[path = "../src/bin/indoubt/bench.rs"]
mod bench;

fn main() {
    // Cargo passes `--bench`, and whatever was to be filtered; sizes are all that is understood here.
    let sizes: Vec<u16> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![7, 8, 9] } else { sizes };
    print!("{}", bench::table(&sizes, 3, 1));
}
