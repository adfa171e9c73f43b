//! A compressed dump against gzip and pigz, which get the lines of the same dump from a file. Our side fetches them
//! from a server too.

use es_tests::command::Folder;

use crate::canned::{Canned, Framing};
use crate::contest::Side;
use crate::documents::Shape;
use crate::pages::Pages;
use crate::table::Measure;
use crate::table::Target::{self, AtMost};
use crate::{Bench, MEMORY, Stand};

pub(crate) fn benches() -> Vec<Bench> {
    let bench = |(name, shape)| {
        Bench::new(format!("gzip/{name}"), &["gzip", "pigz"], move |stand| compare(stand, shape))
    };
    Shape::ALL.map(bench).into()
}

fn compare(stand: &mut Stand<'_>, shape: Shape) {
    let bytes = stand.scale.pick(50_000_000, 200_000);
    let lines = shape.lines(bytes);
    let work = lines.len() as f64 / 1e9;
    let folder = Folder::shared();
    folder.write("lines", &lines);
    let server = Canned::start(Pages::new(shape, bytes), 1, Framing::Length);
    let ours = format!("exec es-scroll {}/logs -o ours.gz --force", server.url());
    let costs = stand.scale.contest(
        3,
        vec![
            Side::command(&folder, work, ours),
            Side::command(&folder, work, "exec pigz -6 -c lines > pigz.gz".into()),
            Side::command(&folder, work, "exec gzip -6 -c lines > gzip.gz".into()),
        ],
    );
    let unpacked = es_tests::command::Run::shell("gzip -dc ours.gz").in_folder(&folder).take_stdout().run();
    assert!(unpacked.stdout == lines, "the dump does not hold the lines that it should");
    stand.against(Measure::Cpu, &costs, 1, "pigz -6", AtMost(0.65));
    stand.against(Measure::Cpu, &costs, 2, "gzip -6", Target::None);
    let size = |name: &str| {
        let file = folder.path().join(name);
        file.metadata().map(|file| vec![file.len() as f64]).unwrap_or_default()
    };
    let ours = size("ours.gz");
    for (peer, file, target) in [("pigz -6", "pigz.gz", AtMost(1.01)), ("gzip -6", "gzip.gz", Target::None)] {
        stand.figures(stand.name, Measure::Size, &ours, Some((peer, &size(file))), target);
    }
    stand.alone(Measure::Peak, &costs, AtMost(MEMORY));
}
