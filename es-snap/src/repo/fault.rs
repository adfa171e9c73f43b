//! What servers say of a repository that they cannot use, and the cure.

use crate::error::Error;

/// The error with its cure, where that is known.
pub(super) fn explain(error: Error, kind: &str) -> Error {
    match error.refusal().and_then(|refusal| cure(&refusal.reason, kind)) {
        Some(hint) => Error::Failed { what: error.to_string(), hint: Some(hint) },
        None => error,
    }
}

/// By the words of the server's reason: they have stayed the same from 1.x on.
pub(super) fn cure(reason: &str, kind: &str) -> Option<String> {
    let reason = reason.to_ascii_lowercase();
    let said = |words: &str| reason.contains(words);
    let hint = if said("path.repo") {
        "path.repo in the configuration of every node names the folders that may be used; a restart follows"
            .into()
    } else if said("repository type") && said("does not exist") || said("unknown [repository] type") {
        format!("every node needs the plugin for it: repository-{kind}; a restart follows")
    } else if said("allow_insecure_settings") || said("insecure setting") {
        "this server takes secrets from its keystore alone".into()
    } else if said("not accessible on master node") || said("not accessible on cluster-manager node") {
        "the elected master cannot write there: the user of the server needs to own the folder, or its key the \
         right to write"
            .into()
    } else if said("cannot be accessed on the node") || said("is not accessible on the node") {
        "a node does not see what the master wrote: is the same folder mounted on every node, for the same user?"
            .into()
    } else if said("readonly") {
        "it is registered for reading; the cluster that writes to it can do this".into()
    } else {
        return None;
    };
    Some(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_reasons_have_a_cure() {
        for (reason, word) in [
            ("[out] location [/x] doesn't match any of the locations specified by path.repo", "path.repo"),
            ("[none] repository type [s3] does not exist for project [default]", "repository-s3"),
            ("[a] path  is not accessible on master node: access denied: /x", "elected master"),
            ("[a] path  is not accessible on cluster-manager node", "elected master"),
            (
                "[a] [[id, 'RemoteTransportException[[n2]]; nested: RepositoryVerificationException[[a] a file written by \
                 master to the store [/x] cannot be accessed on the node [{n2}]. This might indicate'",
                "same folder",
            ),
            ("[a] cannot run cleanup on readonly repository", "for reading"),
        ] {
            let hint = cure(reason, "s3").unwrap_or_default();
            assert!(hint.contains(word), "{reason}: {hint}");
        }
        assert_eq!(cure("something else", "fs"), None);
    }
}
