//! Where things are.

use std::ffi::OsString;
use std::path::PathBuf;

/// The folder of the workspace's Cargo.toml.
pub fn root() -> PathBuf {
    // Cargo says at run time where the package is, so a moved clone needs no rebuild.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().expect("xtask lies in the workspace").to_owned()
}

/// The release site.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The Node package with the end-to-end tests.
pub fn e2e() -> PathBuf {
    root().join("e2e")
}

/// Where cargo puts this workspace's native programs: where this one runs from.
pub fn programs() -> PathBuf {
    let this = std::env::current_exe().expect("the system knows this program's path");
    this.parent().expect("a program is in a folder").to_owned()
}

/// Where tools are installed that belong to this clone alone.
pub fn tools() -> PathBuf {
    let target = programs();
    target.parent().expect("cargo nests the profile's folder").join("tools")
}

/// The search path for every program that xtask starts: this workspace's own tools come first.
pub fn search_path() -> OsString {
    let own = [programs(), tools().join("bin"), e2e().join("node_modules").join(".bin")];
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let all = own.into_iter().chain(std::env::split_paths(&inherited));
    std::env::join_paths(all).expect("PATH was splittable")
}
