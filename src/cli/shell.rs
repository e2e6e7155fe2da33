//! `flatcert completions` and `flatcert man`.
//!
//! Both are generated from the arguments, and so cannot differ from what the program accepts.

use super::arguments::{Arguments, Completions, Man};
use super::{Found, Outcome, output};
use clap::CommandFactory;
use flatcert::{Error, Result};
use std::path::Path;

/// A script for the shell.
///
/// # Errors
/// The script is no text: a bug.
pub fn completions(a: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(a.shell, &mut Arguments::command(), "flatcert", &mut script);
    let text = String::from_utf8(script).map_err(|e| Error::internal(format!("completions: {e}")))?;
    output::print(&text)?;
    Ok(Found::AsRecorded)
}

/// The man page, or all of them into a folder.
///
/// One page for the program and one for each command, under the names by which `man` finds them.
///
/// # Errors
/// The folder cannot be made or written.
pub fn man(a: &Man) -> Outcome {
    let command = Arguments::command();
    match &a.out {
        None => output::print(&page(command)?)?,
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
            for command in command.get_subcommands().filter(|c| c.get_name() != "help") {
                let name = format!("flatcert-{}", command.get_name());
                write(
                    folder,
                    &name,
                    &page(
                        command.clone().display_name(name.clone()).bin_name(format!("flatcert {}", command.get_name())),
                    )?,
                )?;
            }
            write(folder, "flatcert", &page(command)?)?;
        }
    }
    Ok(Found::AsRecorded)
}

/// Writes `NAME.1` into the folder.
fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    super::output::replace(&folder.join(format!("{name}.1")), text)
}

/// The page of a command, in roff.
fn page(command: clap::Command) -> Result<String> {
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out).map_err(|e| Error::internal(format!("man page: {e}")))?;
    String::from_utf8(out).map_err(|e| Error::internal(format!("man page: {e}")))
}
