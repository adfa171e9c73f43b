//! es-scroll against curl, which fetches the same pages and throws them away.

use es_tests::command::Folder;

use crate::canned::{Canned, Framing};
use crate::contest::Side;
use crate::documents::Shape;
use crate::pages::Pages;
use crate::table::Measure;
use crate::table::Target::AtMost;
use crate::{Bench, MEMORY, Stand};

/// Of one page, as es-scroll begins.
const PAGE: usize = 1 << 20;

pub(crate) fn benches() -> Vec<Bench> {
    let bench = |(name, shape, framing, most)| {
        Bench::new(format!("scroll/{name}"), &["curl"], move |stand| compare(stand, shape, framing, most))
    };
    [
        ("small", Shape::Small, Framing::Length, 4.0),
        ("medium", Shape::Medium, Framing::Length, 2.5),
        ("large", Shape::Large, Framing::Length, 2.5),
        ("chunks-64K", Shape::Medium, Framing::Chunked(64 << 10), 2.5),
        ("chunks-16K", Shape::Medium, Framing::Chunked(16 << 10), 2.5),
    ]
    .map(bench)
    .into()
}

fn compare(stand: &mut Stand<'_>, shape: Shape, framing: Framing, most: f64) {
    let (bytes, shards) = stand.scale.pick((100_000_000, 10), (200_000, 1));
    let pages = Pages::new(shape, bytes);
    let size = (pages.count() * PAGE).div_ceil(pages.bytes());
    let last = pages.count().div_ceil(size) - 1;
    let work = (pages.bytes() * shards) as f64 / 1e9;
    let server = Canned::start(pages, shards, framing);
    let (url, folder) = (server.url(), Folder::shared());
    let ours = format!("exec es-scroll {url}/logs --jobs 1 --page-size {size} > /dev/null");
    let curl = format!("exec curl -sS -o /dev/null '{url}/pages/[0-{}]/[0-{last}]?{size}'", shards - 1);
    let costs =
        stand.scale.contest(7, vec![Side::command(&folder, work, ours), Side::command(&folder, work, curl)]);
    stand.against(Measure::Cpu, &costs, 1, "curl", AtMost(most));
    stand.alone(Measure::Peak, &costs, AtMost(MEMORY));
}
