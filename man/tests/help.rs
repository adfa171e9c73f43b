//! `-h` is what is asked for in a hurry, and fits a screen; `--help` and the manual have it all.

#[test]
fn the_short_help_is_short() {
    for command in es_man::commands() {
        let name = command.get_name().to_owned();
        let help = command.term_width(98).render_help().to_string();
        let (lines, width) = (help.lines().count(), help.lines().map(str::len).max().unwrap());
        assert!(lines <= 50 && width <= 100, "{name} -h: {lines} lines of {width} columns\n{help}");
    }
}
