//! What the site weighs on the wire.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::process::Outcome;

/// The whole site stays under this, in bytes after brotli: a second or two on a slow phone.
pub const BROTLI_BUDGET: usize = 250 * 1024;

/// What the site may weigh while it is still above its budget: `cargo xtask test` fails beyond it.
pub const SITE_LIMIT: usize = 720 * 1024;

const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;

/// The sizes of one file or of several together, in bytes.
#[derive(Clone, Copy, Default)]
pub struct Weight {
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
}

/// Every file of a site, by its path below the site's folder.
pub struct Payload(Vec<(PathBuf, Weight)>);

impl Payload {
    pub fn of(site: &Path) -> Outcome<Self> {
        let mut files = Vec::new();
        collect(site, &mut files).map_err(|error| format!("cannot list {}: {error}", site.display()))?;
        files.sort();
        let weigh = |file: PathBuf| {
            let bytes =
                fs::read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
            let name = file.strip_prefix(site).unwrap_or(&file).to_owned();
            Ok((name, Weight::of(&bytes)))
        };
        Ok(Self(files.into_iter().map(weigh).collect::<Outcome<_>>()?))
    }

    pub fn total(&self) -> Weight {
        self.0.iter().fold(Weight::default(), |sum, (_, one)| Weight {
            raw: sum.raw + one.raw,
            gzip: sum.gzip + one.gzip,
            brotli: sum.brotli + one.brotli,
        })
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:>10} {:>10} {:>10}  file (bytes)", "raw", "gzip", "brotli")?;
        for (name, weight) in &self.0 {
            writeln!(out, "{weight}  {}", name.display())?;
        }
        let total = self.total();
        let percent = total.brotli * 100 / BROTLI_BUDGET;
        writeln!(out, "{total}  total, {percent} % of the budget of {} KB brotli", BROTLI_BUDGET / 1024)
    }
}

impl Weight {
    fn of(bytes: &[u8]) -> Self {
        Self { raw: bytes.len(), gzip: gzip(bytes), brotli: brotli(bytes) }
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:>10} {:>10} {:>10}", self.raw, self.gzip, self.brotli)
    }
}

fn gzip(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail").len()
}

fn brotli(bytes: &[u8]) -> usize {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, BROTLI_WINDOW);
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.into_inner().len()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_itself_shrinks() {
        let weight = Weight::of(&b"prepare yes commit ack ".repeat(1000));
        assert_eq!(weight.raw, 23_000);
        assert!(weight.gzip < 300 && weight.brotli < 100, "{weight}");
    }
}
