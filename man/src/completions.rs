//! Completions, in the folders and under the names where each shell looks for them.

use clap::Command;
use clap_complete::{Shell, generate};

use crate::File;

pub(crate) fn all(mut command: Command) -> Vec<File> {
    let name = command.get_name().to_owned();
    let shells = [
        (Shell::Bash, format!("bash/{name}")),
        (Shell::Zsh, format!("zsh/_{name}")),
        (Shell::Fish, format!("fish/{name}.fish")),
    ];
    let mut file = |(shell, path): (Shell, String)| {
        let mut bytes = Vec::new();
        generate(shell, &mut command, &name, &mut bytes);
        File { path: format!("completions/{path}"), bytes }
    };
    shells.map(&mut file).into()
}
