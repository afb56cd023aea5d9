//! The site while one works on it.

use std::net::{Ipv4Addr, TcpListener};

use crate::process::{Outcome, become_program, say};
use crate::{setup, trunk};

const FIRST_PORT: u16 = 8080;
const LAST_PORT: u16 = 8099;

/// Builds for development and serves until interrupted, rebuilding on change.
pub fn serve(port: Option<&str>) -> Outcome {
    let port = match port {
        Some(text) => asked_for(text)?,
        None => first_free()?,
    };
    setup::wasm_target()?;
    setup::bindgen()?;
    trunk::install()?;

    say(&format!(
        "building for development (two or three minutes the first time); then the page is at\n\n    \
         http://127.0.0.1:{port}/\n\nTrunk serves it, rebuilds and reloads on change, until Ctrl+C"
    ));
    // Not into dist/, which is the release site's, and apart for each server that runs.
    become_program(
        trunk::trunk()
            .args(["serve", "--address", "127.0.0.1"])
            .args(["--port", &port.to_string()])
            .args(["--dist", &format!("target/dev-site/{port}")]),
    )
}

fn asked_for(text: &str) -> Outcome<u16> {
    let port = text.parse().map_err(|_| format!("{text:?} is not a port"))?;
    if is_free(port) { Ok(port) } else { Err(format!("port {port} is in use")) }
}

fn first_free() -> Outcome<u16> {
    (FIRST_PORT..=LAST_PORT)
        .find(|&port| is_free(port))
        .ok_or_else(|| format!("no free port from {FIRST_PORT} to {LAST_PORT}: name one"))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
