//! jq's public test cases that concern the core of the language, with what becomes of each here. The file says where
//! they are from; the manual is written from it, and the test below keeps it true.

const FILE: &str = include_str!("../../jq/cases.test");

/// Cases about one thing.
#[derive(Debug, Default)]
pub struct Group {
    pub name: &'static str,
    pub cases: Vec<Case>,
}

#[derive(Debug, Default)]
pub struct Case {
    pub program: &'static str,
    pub input: &'static str,
    /// What jq gives; none: it refuses the program.
    pub jq: Option<Vec<&'static str>>,
    /// Where it comes out otherwise here.
    pub differs: Option<Difference>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub why: &'static str,
    /// What comes out instead.
    pub ours: Vec<&'static str>,
}

/// The cases of the file, in its order.
pub fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut lines = FILE.lines().filter(|line| !line.starts_with("# ") && *line != "#").peekable();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("## ") {
            groups.push(Group { name, cases: Vec::new() });
        } else if let (false, Some(group)) = (line.is_empty(), groups.last_mut()) {
            let mut rest = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.is_empty()) {
                rest.push(line);
            }
            group.cases.push(Case::read(line, &rest));
        }
    }
    groups
}

impl Case {
    fn read(first: &'static str, rest: &[&'static str]) -> Case {
        let mut lines = std::iter::once(first).chain(rest.iter().copied()).peekable();
        let why = lines.next_if(|line| line.starts_with("%%DIFFERS"));
        let refused = lines.next_if_eq(&"%%FAIL").is_some();
        let program = lines.next().unwrap_or_default();
        let input = if refused { "" } else { lines.next().unwrap_or_default() };
        let (ours, jq): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with("%%OURS"));
        let word = |line: &'static str| line.split_once(' ').map_or("", |(_, rest)| rest);
        let ours = ours.into_iter().map(word).collect();
        let differs = why.map(|line| Difference { why: word(line), ours });
        Case { program, input, jq: (!refused).then_some(jq), differs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::OnClash;
    use crate::language::filter::{Filter, Pair};
    use crate::language::value;
    use crate::program::{Program, Root, Variables};
    use jaq_json::Val;

    /// The outputs as JSON texts; then, in words that are no JSON, what ended it.
    fn run(case: &Case) -> Vec<String> {
        let variables = Variables::default();
        let compiled = Program::read(case.program, Root::Line, variables)
            .and_then(|program| Filter::compile(&program.full, &program.variables, OnClash::Error));
        let filter = match compiled {
            Ok(filter) => filter,
            Err(why) => return vec![format!("refused: {why}")],
        };
        let input = parsed(case.input).expect("a case has an input");
        let mut outputs = Vec::new();
        let ended = filter.run(Pair { document: input, docinfo: Val::Null }, |output| {
            outputs.push(String::from_utf8(value::text(&output.document)?).unwrap());
            Ok(())
        });
        if let Err(why) = ended {
            outputs.push(format!("error: {why}"));
        }
        outputs
    }

    fn parsed(text: &str) -> Option<Val> {
        value::parse(text.as_bytes()).ok()
    }

    fn same(a: &str, b: &str) -> bool {
        match (parsed(a), parsed(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        }
    }

    /// As jq's own judge of these cases: what comes after the outputs that are looked for may be an error.
    fn agrees(jq: Option<&[&str]>, ours: &[String]) -> bool {
        match jq {
            None => ours.iter().any(|line| line.starts_with("refused: ")),
            Some(jq) => {
                let ours = match ours.split_last() {
                    Some((last, rest)) if last.starts_with("error: ") => rest,
                    _ => ours,
                };
                jq.len() == ours.len() && jq.iter().zip(ours).all(|(jq, ours)| same(jq, ours))
            }
        }
    }

    #[test]
    fn cases_come_out_as_the_file_says() {
        let mut wrong = Vec::new();
        for case in groups().iter().flat_map(|group| &group.cases) {
            let ours = run(case);
            let as_jq = agrees(case.jq.as_deref(), &ours);
            let as_said = match &case.differs {
                None => as_jq,
                Some(said) => {
                    !as_jq
                        && said.ours.len() == ours.len()
                        && said.ours.iter().zip(&ours).all(|(said, ours)| same(said, ours))
                }
            };
            if !as_said {
                wrong.push(format!(
                    "{}\n  on {}\n  jq   {:?}\n  said {:?}\n  ours {ours:?}",
                    case.program,
                    case.input,
                    case.jq,
                    case.differs.as_ref().map(|said| &said.ours)
                ));
            }
        }
        assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn the_file_is_read_whole() {
        let groups = groups();
        assert!(groups.len() > 15 && groups.iter().all(|group| !group.cases.is_empty()));
        let all: usize = groups.iter().map(|group| group.cases.len()).sum();
        assert!(all > 450, "{all}");
    }
}
