//! es-bulk against curl, which posts a body of the same documents again and again; and es-bulk reading gzip against
//! programs that only decompress.

use es_tests::command::Folder;

use crate::canned::{Canned, Framing};
use crate::contest::Side;
use crate::documents::{Shape, id};
use crate::pages::Pages;
use crate::table::Measure;
use crate::table::Target::{self, AtMost};
use crate::{Bench, MEMORY, Stand};

/// Of one request.
const BODY: usize = 8 << 20;
/// The bodies that es-bulk has in flight.
pub(crate) const IN_FLIGHT: f64 = (4 * BODY) as f64;

pub(crate) fn benches() -> Vec<Bench> {
    let shapes = Shape::ALL;
    let plain =
        |(name, shape)| Bench::new(format!("bulk/{name}"), &["curl"], move |stand| post(stand, shape));
    let gzip = |(name, shape)| {
        Bench::new(format!("bulk/gz-{name}"), &["gzip", "pigz"], move |stand| decompress(stand, shape))
    };
    shapes.map(plain).into_iter().chain(shapes.map(gzip)).collect()
}

fn sink() -> Canned {
    Canned::start(Pages::new(Shape::Small, 0), 1, Framing::Length)
}

fn post(stand: &mut Stand<'_>, shape: Shape) {
    let (bytes, times) = stand.scale.pick((100_000_000, 10), (100_000, 1));
    let folder = Folder::shared();
    folder.write("lines", shape.lines(bytes));
    let (mut body, mut held) = (String::new(), 0);
    let mut documents = shape.documents(bytes).enumerate();
    while body.len() < BODY
        && let Some((number, document)) = documents.next()
    {
        held += document.len();
        body += &format!("{{\"create\":{{\"_id\":\"{}\"}}}}\n{document}\n", id(number));
    }
    let posts = (bytes * times).div_ceil(held);
    folder.write("body", body);
    let server = sink();
    let url = server.url();
    let ours = format!("exec es-bulk {url}/logs{}", " lines".repeat(times));
    let curl = format!(
        "exec curl -sS -o /dev/null -H Expect: -H 'Content-Type: application/x-ndjson' --data-binary @body \
         '{url}/logs/_bulk?[1-{posts}]'"
    );
    let costs = stand.scale.contest(
        7,
        vec![
            Side::command(&folder, (bytes * times) as f64 / 1e9, ours),
            Side::command(&folder, (held * posts) as f64 / 1e9, curl),
        ],
    );
    stand.against(Measure::Cpu, &costs, 1, "curl", AtMost(1.8));
    stand.alone(Measure::Peak, &costs, AtMost(MEMORY + IN_FLIGHT));
}

fn decompress(stand: &mut Stand<'_>, shape: Shape) {
    let (bytes, times) = stand.scale.pick((50_000_000, 4), (100_000, 1));
    let folder = Folder::shared();
    let lines = shape.lines(bytes);
    let work = (lines.len() * times) as f64 / 1e9;
    folder.write("lines", lines);
    es_tests::command::Run::shell("gzip -6 lines").in_folder(&folder).run();
    let server = sink();
    let files = " lines.gz".repeat(times);
    let costs = stand.scale.contest(
        5,
        vec![
            Side::command(&folder, work, format!("exec es-bulk {}/logs{files}", server.url())),
            Side::command(&folder, work, format!("exec gzip -dc{files} > /dev/null")),
            Side::command(&folder, work, format!("exec pigz -dc{files} > /dev/null")),
        ],
    );
    stand.against(Measure::Cpu, &costs, 1, "gzip -d", Target::None);
    stand.against(Measure::Cpu, &costs, 2, "pigz -d", Target::None);
}
