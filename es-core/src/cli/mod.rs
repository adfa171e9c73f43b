//! The person and the shell: options, profiles, messages, signals, exit statuses.
