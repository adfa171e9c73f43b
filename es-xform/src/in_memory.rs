//! Edits without input and output, for the benchmarks to weigh against copying.

use es_core::record::kind::Kind;

use crate::edit::OnClash;
use crate::program::{Program, Root, Variables};
use crate::transform::Transform;

/// Gives `work` what edits a hit line onto the end of a buffer.
///
/// # Panics
/// When the program is none, or a line cannot be edited.
pub fn in_memory(program: &str, work: impl FnOnce(&mut dyn FnMut(&[u8], &mut Vec<u8>))) {
    let program = Program::read(program, Root::Document, Variables::default()).expect("a program");
    let mut transform = Transform::new(&program, OnClash::Error).expect("a program that runs");
    work(&mut |line, out| {
        transform.line(line, Kind::Hit, out).expect("a line that can be edited");
    });
}
