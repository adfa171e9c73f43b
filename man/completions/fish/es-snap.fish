# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_es_snap_global_optspecs
    string join \n h/help V/version
end

function __fish_es_snap_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_es_snap_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_es_snap_using_subcommand
    set -l cmd (__fish_es_snap_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c es-snap -n "__fish_es_snap_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_needs_command" -s V -l version -d 'Print version'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "create" -d 'Make a snapshot, and wait until it is whole'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "wait" -d 'Wait until a snapshot that is being made is whole'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "list" -d 'List the snapshots of a repository'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "show" -d 'Show one snapshot: its indices, and the shards it lacks'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "status" -d 'Show how far the snapshots are that are being made'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l indices -d 'Which indices: names and patterns, with commas between; -NAME leaves out [default: all]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l metadata -d 'Note this with the snapshot (Elasticsearch 7.3, OpenSearch)' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l feature-states -d 'Which features\' own indices, or none (Elasticsearch 7.12)' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l manifest -d 'Write how many documents each index has to FILE, for verify --drill --compare FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l timeout -d 'Give up waiting after TIME, with status 6; the server goes on [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l ignore-unavailable -d 'Indices that are named and missing are left out'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l no-global-state -d 'Without the state of the cluster: settings, templates, pipelines'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l partial -d 'Shards that cannot be had are left out: a snapshot that is PARTIAL rather than FAILED'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l dry-run -d 'Show what would be in it, and make nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l no-wait -d 'Do not wait until it is whole'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l json -d 'Print the snapshot as a JSON object instead of its name'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l timeout -d 'Give up waiting after TIME, with status 6 [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l json -d 'Print each snapshot as a JSON object instead of its name'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s c -d 'Only these columns, in this order; +NAME adds one to what there is' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s s -l sort -d 'Sort by these columns, each ascending unless :desc follows' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s s -l sort -d 'Sort by these columns, each ascending unless :desc follows' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l failures -d 'The shards that it lacks, with the reasons, instead of its indices'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s s -l sort -d 'Sort by these columns, each ascending unless :desc follows' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l shards -d 'A row for each shard'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from create wait list show status help" -f -a "create" -d 'Make a snapshot, and wait until it is whole'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from create wait list show status help" -f -a "wait" -d 'Wait until a snapshot that is being made is whole'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from create wait list show status help" -f -a "list" -d 'List the snapshots of a repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from create wait list show status help" -f -a "show" -d 'Show one snapshot: its indices, and the shards it lacks'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from create wait list show status help" -f -a "status" -d 'Show how far the snapshots are that are being made'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from create wait list show status help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
