//! The recipes of the manual do what they show: commands begin with `$`, go on after `>`, and give the lines below.

use es_tests::command::Run;

const FRAME: &str = include_str!("../../../man/frame/es-xform.roff");

#[test]
fn every_recipe_gives_what_the_manual_shows() {
    let section = FRAME.split("\n.SH RECIPES\n").nth(1).unwrap().split("\n.SH ").next().unwrap();
    let recipes: Vec<&str> =
        section.split("\n.EX\n").skip(1).map(|rest| rest.split("\n.EE").next().unwrap()).collect();
    assert!(recipes.len() >= 20, "{}", recipes.len());
    for recipe in recipes {
        let is_command = |line: &str| line.starts_with("$ ") || line.starts_with("> ");
        let (commands, output): (Vec<&str>, Vec<&str>) = recipe.lines().partition(|line| is_command(line));
        let script: String = commands.iter().map(|line| format!("{}\n", &line[2..])).collect();
        let outcome = Run::shell(&format!("set -e\n{script}")).take_stdout().run();
        let shown = String::from_utf8(outcome.stdout).unwrap();
        assert_eq!(shown.trim_end(), output.join("\n"), "{recipe}");
    }
}
