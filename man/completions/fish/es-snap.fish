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
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "repo" -d 'Register, look at, check, clean and unregister repositories'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "create" -d 'Make a snapshot, and wait until it is whole'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "wait" -d 'Wait until a snapshot that is being made is whole'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "list" -d 'List the snapshots of a repository'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "show" -d 'Show one snapshot: its indices, and the shards it lacks'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "status" -d 'Show how far the snapshots are that are being made'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "restore" -d 'Restore indices from a snapshot'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "verify" -d 'Prove that a snapshot is there, whole, young enough, and can be restored'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "delete" -d 'Delete snapshots by name'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "prune" -d 'Delete the snapshots that no rule keeps'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "resolve" -d 'Tell which snapshot a file of a repository belongs to'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "backup" -d 'Make the snapshot that a job of the configuration describes'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "recover" -d 'Restore what a job of the configuration has backed up, on the cluster of its profile `destination`'
complete -c es-snap -n "__fish_es_snap_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and not __fish_seen_subcommand_from add show list verify cleanup remove help" -s h -l help -d 'Print help'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and not __fish_seen_subcommand_from add show list verify cleanup remove help" -f -a "add" -d 'Register a repository, or change the settings of one'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and not __fish_seen_subcommand_from add show list verify cleanup remove help" -f -a "show" -d 'Show the settings of a repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and not __fish_seen_subcommand_from add show list verify cleanup remove help" -f -a "list" -d 'List the repositories of a cluster'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and not __fish_seen_subcommand_from add show list verify cleanup remove help" -f -a "verify" -d 'Have every node read and write in a repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and not __fish_seen_subcommand_from add show list verify cleanup remove help" -f -a "cleanup" -d 'Delete files in a repository that no snapshot needs'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and not __fish_seen_subcommand_from add show list verify cleanup remove help" -f -a "remove" -d 'Unregister a repository; its files stay'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and not __fish_seen_subcommand_from add show list verify cleanup remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l set -d 'A setting; once for each' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l unset -d 'Drop a setting that is there' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l body -d 'Type and settings as the server takes them: {"type":"fs","settings":{...}}' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l readonly -d 'This cluster only reads it; another may write to it'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l writable -d 'This cluster alone writes to it, though there are snapshots already'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l yes -d 'Change settings that are there'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l allow-secrets -d 'Send secrets as settings: for servers that have no keystore'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l timeout -d 'Give up waiting for the repository after TIME, with status 6 [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from cleanup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l yes -d 'Do what is shown'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "add" -d 'Register a repository, or change the settings of one'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the settings of a repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the repositories of a cluster'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Have every node read and write in a repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "cleanup" -d 'Delete files in a repository that no snapshot needs'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Unregister a repository; its files stay'
complete -c es-snap -n "__fish_es_snap_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
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
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l indices -d 'Which indices and data streams: names, patterns, -NAME for all but' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l as -d 'The new name, for one index' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l rename -d 'New names: what PATTERN matches becomes NEW; $1 is its first group' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l set -d 'A setting that the new indices get, such as number_of_replicas=0' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l ignore-setting -d 'A setting that they do not keep; may be a pattern' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l replicas -d 'Number of replicas' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l timeout -d 'Stop waiting after TIME, with status 6 [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l expect -d 'How many documents there must be: N, N.., ..M or N..M; else status 4' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l all -d 'All of the snapshot, except those whose name begins with a dot'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l dry-run -d 'Show what would be made, and stop'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l close-existing -d 'Close what has the name already, and restore over it'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s y -l yes -d 'Really close and overwrite'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l aliases -d 'Restore their aliases too'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l global-state -d 'Replace the cluster\'s settings, templates, pipelines and policies by the snapshot\'s'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l partial -d 'Restore indices that are not whole; a missing shard is empty'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l ignore-unavailable -d 'Pass over indices that the snapshot does not have'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l no-wait -d 'Do not wait at all'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l indices -d 'Which must be in it, and which are restored in a drill: names, patterns, -NAME for all but' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l max-age -d 'How old it may be, and with --newest its newest document' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l older -d 'Leave drills alone that are younger' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l share -d 'Of the indices only this part, by turns: 1/7 today, 2/7 tomorrow' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l compare -d 'What the counts must be: those of the cluster now (live), or of a manifest of create' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l tolerance -d 'How far the counts may be off' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l expect -d 'How many documents there must be in all: N, N.., ..M or N..M' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l expect-each -d 'How many there must be in each index' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l field -d 'A field that at least one document must have' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l newest -d 'A date field whose newest value is not older than --max-age' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l timeout -d 'Give up the drill after TIME, with status 6 [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l deep -d 'Let the server read every file of the repository (Elasticsearch 8.16)'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l sweep -d 'Show what killed drills have left behind; with --yes delete it'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -s y -l yes -d 'Really delete'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l json -d 'A JSON object for each check, one a line, the verdict last'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l drill -d 'Restore it under other names, count, and delete it again'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l timeout -d 'Give up waiting for the repository after TIME, with status 6 [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l yes -d 'Do what is shown'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l match -d 'Only these snapshots are looked at, counted and deleted; * stands for anything' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l keep-last -d 'Keep the newest N' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l keep-hourly -d 'Keep the newest of each of the last N hours that have one' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l keep-daily -d 'The same for days' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l keep-weekly -d 'The same for weeks' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l keep-monthly -d 'The same for months' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l keep-yearly -d 'The same for years' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l keep-within -d 'Keep all that began within TIME before now, such as 14d' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l failed-within -d 'Keep what is PARTIAL or FAILED so long, to be looked into' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l timeout -d 'Give up waiting for the repository after TIME, with status 6 [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l all -d 'All snapshots of the repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l yes -d 'Do what is shown'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l files -d 'Read the repository\'s files instead of asking a server' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l base-path -d 'KEY must lie in this base path, and directly there' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l endpoint -d 'The address of S3 [env: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL] [default: Amazon\'s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l region -d 'Its region [env: AWS_REGION, AWS_DEFAULT_REGION] [default: us-east-1]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l timeout -d 'How long to wait for the snapshot to be named; 0s asks once' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l url -d 'Servers for a TARGET that is only an index [env: ES_URL]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -s P -l profile -d 'Take servers and options from the configuration [env: ES_PROFILE]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -s u -l user -d 'User; the password is asked for [env: ES_USER, ES_PASSWORD]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l password-file -d 'The password of --user is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l api-key-file -d 'An API key is in FILE [env: ES_API_KEY]' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l bearer-file -d 'A bearer token is in FILE' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -s H -l header -d 'Send this header too; @FILE holds one a line' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l cacert -d 'Believe only the authorities in FILE (PEM), not the system\'s' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l cert -d 'Our certificate, for servers that ask for one (PEM; may hold the key too)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l key -d 'The key of --cert (PEM)' -r -F
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l proxy -d 'Connect through this proxy; \'\' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l connect-timeout -d 'How long connecting to a server may take [default: 10s]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l request-timeout -d 'How long a server may stay silent within a request [default: 5m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l retry-max-time -d 'How long to try again without any progress [default: 10m]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l json -d 'Print the snapshot as a JSON object instead of its name'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l netrc -d 'Take user and password from ~/.netrc [env: NETRC]'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -s k -l insecure -d 'Do not verify the server\'s certificate'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l compressed -d 'Send and receive gzip'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l curl -d 'Print the first request as a curl command and send nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -l timeout -d 'Give up waiting after TIME, with status 6; the server goes on [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -l dry-run -d 'Show what would be in it, and make nothing'
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -l no-wait -d 'Do not wait until it is whole'
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -l json -d 'Print the snapshot as a JSON object instead of its name'
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l rename -d 'New names: what PATTERN matches becomes NEW; $1 is its first group' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l set -d 'A setting that the new indices get, such as number_of_replicas=0' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l ignore-setting -d 'A setting that they do not keep; may be a pattern' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l replicas -d 'Number of replicas' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l timeout -d 'Stop waiting after TIME, with status 6 [default: never]' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l expect -d 'How many documents there must be: N, N.., ..M or N..M; else status 4' -r
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l progress -d 'When to draw progress' -r -f -a "auto\t''
always\t''
never\t''"
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l dry-run -d 'Show what would be made, and stop'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l close-existing -d 'Close what has the name already, and restore over it'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -s y -l yes -d 'Really close and overwrite'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l aliases -d 'Restore their aliases too'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l global-state -d 'Replace the cluster\'s settings, templates, pipelines and policies by the snapshot\'s'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l partial -d 'Restore indices that are not whole; a missing shard is empty'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l ignore-unavailable -d 'Pass over indices that the snapshot does not have'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l no-wait -d 'Do not wait at all'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l csv -d 'CSV: what comes into a pipe or file unless you say otherwise'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l tsv -d 'Values with tabs between, safe for cut and awk'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l json -d 'A JSON object for each row, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l table -d 'A table for people, with units: what comes to a terminal'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -s n -l no-header -d 'Without the names of the columns'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -s q -l quiet -d 'Print errors only: no summary, no warnings, no progress'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -s v -l verbose -d 'Print each request with its time; -vv also heads and bodies'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -l log-json -d 'Print messages as JSON objects, one a line'
complete -c es-snap -n "__fish_es_snap_using_subcommand recover" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "repo" -d 'Register, look at, check, clean and unregister repositories'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "create" -d 'Make a snapshot, and wait until it is whole'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "wait" -d 'Wait until a snapshot that is being made is whole'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "list" -d 'List the snapshots of a repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "show" -d 'Show one snapshot: its indices, and the shards it lacks'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "status" -d 'Show how far the snapshots are that are being made'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "restore" -d 'Restore indices from a snapshot'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "verify" -d 'Prove that a snapshot is there, whole, young enough, and can be restored'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "delete" -d 'Delete snapshots by name'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "prune" -d 'Delete the snapshots that no rule keeps'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "resolve" -d 'Tell which snapshot a file of a repository belongs to'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "backup" -d 'Make the snapshot that a job of the configuration describes'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "recover" -d 'Restore what a job of the configuration has backed up, on the cluster of its profile `destination`'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and not __fish_seen_subcommand_from repo create wait list show status restore verify delete prune resolve backup recover help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "add" -d 'Register a repository, or change the settings of one'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "show" -d 'Show the settings of a repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "list" -d 'List the repositories of a cluster'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "verify" -d 'Have every node read and write in a repository'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "cleanup" -d 'Delete files in a repository that no snapshot needs'
complete -c es-snap -n "__fish_es_snap_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "remove" -d 'Unregister a repository; its files stay'
