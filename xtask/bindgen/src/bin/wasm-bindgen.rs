//! The `wasm-bindgen` that Trunk finds on PATH.
//!
//! Built from this workspace's lock file, so the tool cannot differ from the library it serves.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    Ok(wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())?)
}
