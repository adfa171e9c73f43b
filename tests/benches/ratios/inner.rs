//! What decides how the inner loops are written, in this process: reading hits and writing them as lines against
//! copying the same bytes, and the vectorised search for the end of a document against the portable one.

use std::hint::black_box;

use es_core::record::hit::{Hit, Meta};
use es_core::record::scan::{self, Broken, MAX_DEPTH};

use crate::contest::{Side, time};
use crate::documents::Shape;
use crate::table::Measure;
use crate::table::Target::{self, AtMost};
use crate::{Bench, Stand};

pub(crate) fn benches() -> Vec<Bench> {
    let shapes = Shape::ALL;
    let hits = |(name, shape)| Bench::new(format!("inner/hit-{name}"), &[], move |stand| hits(stand, shape));
    let scans =
        |(name, shape)| Bench::new(format!("inner/scan-{name}"), &[], move |stand| scans(stand, shape));
    shapes.map(hits).into_iter().chain(shapes.map(scans)).collect()
}

fn hits(stand: &mut Stand<'_>, shape: Shape) {
    let (bytes, times) = stand.scale.pick((4_000_000, 50), (100_000, 1));
    let lines = shape.lines(bytes);
    let work = (lines.len() * times) as f64 / 1e9;
    let rewrite = |out: &mut Vec<u8>| {
        let mut at = 0;
        while at < lines.len() {
            let (hit, end) = Hit::scan(&lines, at, MAX_DEPTH).expect("a hit line");
            hit.write_line(Meta::default(), out);
            at = scan::space_end(&lines, end);
        }
    };
    let copy = |out: &mut Vec<u8>| {
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            out.extend_from_slice(line);
        }
    };
    let side = |edit: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::with_capacity(lines.len());
        time(times, || {
            out.clear();
            edit(black_box(&mut out));
        })
    };
    let sides = vec![Side::new(work, || side(&rewrite)), Side::new(work, || side(&copy))];
    let costs = stand.scale.contest(7, sides);
    stand.against(Measure::Cpu, &costs, 1, "copying", Target::None);
}

fn scans(stand: &mut Stand<'_>, shape: Shape) {
    let (bytes, times) = stand.scale.pick((4_000_000, 50), (100_000, 1));
    let documents: Vec<_> = shape.documents(bytes).collect();
    let work = (documents.iter().map(String::len).sum::<usize>() * times) as f64 / 1e9;
    let all = |end: fn(&[u8]) -> Result<usize, Broken>| {
        time(times, || {
            for document in &documents {
                assert_eq!(end(black_box(document.as_bytes())), Ok(document.len()));
            }
        })
    };
    let sides = vec![
        Side::new(work, || all(|document| scan::value_end(document, 0, MAX_DEPTH))),
        Side::new(work, || all(|document| scan::container_end_portable(document, 1, MAX_DEPTH))),
    ];
    let costs = stand.scale.contest(7, sides);
    // Within long strings the portable search is a vectorised one, too.
    let most = match shape {
        Shape::Small | Shape::Medium => 0.5,
        Shape::Large => 1.1,
    };
    stand.against(Measure::Cpu, &costs, 1, "portable", AtMost(most));
}
