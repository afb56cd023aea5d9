//! Running other programs, and saying so.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An error is a sentence for the person at the terminal.
pub type Outcome<T = ()> = Result<T, String>;

/// Says what happens next. Goes to the same stream as the tools' own progress, so that the order holds.
pub fn say(message: &str) {
    eprintln!("xtask: {message}");
}

/// Runs to the end, output passed through; a non-zero exit is an error that names the program.
pub fn run(command: &mut Command) -> Outcome {
    let name = name(command);
    let status = command.status().map_err(|error| format!("cannot start {name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

/// Runs for ever in this process's place, so that whoever stops this one stops that one.
#[cfg(unix)]
pub fn become_program(command: &mut Command) -> Outcome {
    let error = std::os::unix::process::CommandExt::exec(command);
    Err(format!("cannot start {}: {error}", name(command)))
}

/// Runs for ever; a console passes Ctrl+C on to both.
#[cfg(not(unix))]
pub fn become_program(command: &mut Command) -> Outcome {
    run(command)
}

/// Runs to the end and returns what it printed, or nothing if it failed or does not exist.
pub fn read(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The program of that name on this search path.
pub fn find(name: &str, path: &OsString) -> Option<PathBuf> {
    std::env::split_paths(path)
        .map(|directory| directory.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        .find(|candidate| candidate.is_file())
}

fn name(command: &Command) -> String {
    let program =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let first = command.get_args().next().map(|argument| format!(" {}", argument.to_string_lossy()));
    format!("`{program}{}`", first.unwrap_or_default())
}
