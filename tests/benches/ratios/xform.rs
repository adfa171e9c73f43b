//! es-xform against jq and jaq, which do the same edits on the same hit lines.

use es_tests::command::Folder;

use crate::contest::Side;
use crate::documents::Shape;
use crate::table::Measure;
use crate::table::Target::{self, AtMost};
use crate::{Bench, MEMORY, Stand};

const PROGRAM: &str =
    r#"rename(.service; .app) | rename(.host.name; .host.id) | del(.agent.id) | .stage = "prod""#;
const JQ: &str = r#"._source |= (.app = .service | .host.id = .host.name
    | del(.service, .host.name, .agent.id) | .stage = "prod")"#;

pub(crate) fn benches() -> Vec<Bench> {
    let bench = |(name, shape)| {
        Bench::new(format!("xform/{name}"), &["jq", "jaq"], move |stand| compare(stand, shape))
    };
    Shape::ALL.map(bench).into()
}

fn compare(stand: &mut Stand<'_>, shape: Shape) {
    // We get more of it, so that our time is long enough to be measured.
    let (bytes, ours_more) = stand.scale.pick((20_000_000, 40), (100_000, 1));
    let lines = shape.lines(bytes);
    let work = lines.len() as f64 / 1e9;
    let folder = Folder::shared();
    folder.write("lines", lines);
    folder.write("program", PROGRAM);
    folder.write("jq", JQ);
    let files = " lines".repeat(ours_more);
    let ours = format!("exec es-xform -f program{files} > /dev/null");
    let costs = stand.scale.contest(
        5,
        vec![
            Side::command(&folder, work * ours_more as f64, ours),
            Side::command(&folder, work, "exec jq -c -f jq lines > /dev/null".into()),
            Side::command(&folder, work, "exec jaq -c -f jq lines > /dev/null".into()),
        ],
    );
    stand.against(Measure::Cpu, &costs, 1, "jq -c", AtMost(1.0 / 40.0));
    stand.against(Measure::Cpu, &costs, 2, "jaq -c", Target::None);
    stand.alone(Measure::Peak, &costs, AtMost(MEMORY));
}
