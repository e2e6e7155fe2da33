//! Which program counts: version, commit, and a hash of the program itself, which no commit can be wrong about.

use sha2::{Digest, Sha256};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// `0.1.0 c1ad73812ab4 9f3e0a11c07d`: version; commit of the repository that the program lies in, `+` where its files
/// differ from it, `-` outside of one; beginning of the SHA-256 of the program.
pub(crate) fn code() -> &'static str {
    /// Found once for each process.
    static CODE: OnceLock<String> = OnceLock::new();
    CODE.get_or_init(look)
}

/// Each part that cannot be found is `-`; the hash has its first six bytes, twelve digits.
fn look() -> String {
    let program = std::env::current_exe().ok();
    let commit = program.as_deref().and_then(Path::parent).and_then(commit);
    let bytes = program.and_then(|path| std::fs::read(path).ok());
    let hash: Option<String> =
        bytes.map(|bytes| Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect());
    let or = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    format!("{} {} {}", env!("CARGO_PKG_VERSION"), or(commit), or(hash))
}

/// The commit of the repository that a folder lies in, with `+` if files differ from it.
///
/// Files that git does not track are not looked at. `None` where there is no repository or no git; a status that
/// cannot be read counts as a difference.
pub(crate) fn commit(folder: &Path) -> Option<String> {
    let head = git(folder, &["rev-parse", "--short=12", "HEAD"])?;
    let differs = git(folder, &["status", "--porcelain", "--untracked-files=no"]).is_none_or(|s| !s.is_empty());
    Some(if differs { head + "+" } else { head })
}

/// The titles of the commits from one to another, if the repository here has both.
///
/// `from` and `to` are texts of `code`, whose second word is the commit; a `+` is dropped. The range excludes `from`
/// and includes `to`. `None` if either has no commit or git does not know it.
pub(crate) fn between(from: &str, to: &str) -> Option<Vec<String>> {
    let commit = |code: &str| code.split(' ').nth(1).map(|c| c.trim_end_matches('+').to_string()).filter(|c| c != "-");
    let range = format!("{}..{}", commit(from)?, commit(to)?);
    let log = git(Path::new("."), &["log", "--oneline", "--no-decorate", "--end-of-options", &range])?;
    Some(log.lines().map(String::from).collect())
}

/// Its output without the spaces around it; `None` if it cannot be started or fails.
fn git(folder: &Path, args: &[&str]) -> Option<String> {
    let done = Command::new("git").arg("-C").arg(folder).args(args).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_string())
}
