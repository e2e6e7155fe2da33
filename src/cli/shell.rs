//! `flatcert completions` and `flatcert man`.

use super::arguments::{Arguments, Completions, Man};
use super::{Found, Outcome, output};
use clap::CommandFactory;
use flatcert::{Error, Result};
use std::path::Path;

/// A script for the shell.
pub fn completions(a: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(a.shell, &mut Arguments::command(), "flatcert", &mut script);
    let text = String::from_utf8(script).map_err(|e| Error::internal(format!("completions: {e}")))?;
    output::print(&text)?;
    Ok(Found::AsRecorded)
}

/// The man page, or all of them into a folder.
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

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    super::output::replace(&folder.join(format!("{name}.1")), text)
}

fn page(command: clap::Command) -> Result<String> {
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out).map_err(|e| Error::internal(format!("man page: {e}")))?;
    String::from_utf8(out).map_err(|e| Error::internal(format!("man page: {e}")))
}
