//! Profiles: named servers with their options, from the configuration file.
