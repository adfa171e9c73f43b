//! Which settings of an index a create request takes.

/// What an index is born with or what describes what happened to it, below `index`; and blocks, which would stop what
/// is to be loaded.
const OWN: [&str; 10] = [
    "uuid",
    "creation_date",
    "creation_date_string",
    "provided_name",
    "version",
    "history_uuid",
    "resize",
    "shrink",
    "blocks",
    "verified_before_close",
];

/// Whether a setting, such as `number_of_shards` or `routing.allocation.require`, goes into a create request.
pub fn is_settable(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or(name);
    !OWN.contains(&first) && !name.starts_with("routing.allocation.initial_recovery")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_gave_itself_is_not_set_again() {
        for name in ["uuid", "version.created", "blocks.write", "routing.allocation.initial_recovery._id"] {
            assert!(!is_settable(name), "{name}");
        }
        for name in
            ["number_of_shards", "routing.allocation.require.box", "versions", "mapping.total_fields.limit"]
        {
            assert!(is_settable(name), "{name}");
        }
    }
}
