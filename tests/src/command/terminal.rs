//! A terminal of which the test holds the other end.

use std::fs::File;
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Our end, and that of the command: what it shows is read from ours, which ends with an error once nobody has the other
/// any more. A terminal adds a carriage return to each line.
///
/// # Panics
/// When the system gives none.
pub fn terminal(width: u16) -> (File, OwnedFd) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&ours).expect("a terminal of ours");
    unlockpt(&ours).expect("a terminal that opens");
    let name = ptsname(&ours, Vec::new()).expect("a terminal with a name");
    let theirs = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty());
    let size = Winsize { ws_row: 24, ws_col: width, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&ours, size).expect("a terminal with a size");
    (File::from(ours), theirs.expect("the other end"))
}
