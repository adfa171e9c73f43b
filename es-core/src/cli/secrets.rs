//! Where secrets come from: files that nobody else can read, and the terminal.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::error::Error;
use crate::http::Secret;
use crate::http::auth::readable_by_others;

/// The one secret in a file, without the line break that editors put after it.
///
/// # Errors
/// When it cannot be read, holds no secret or several, or others can read it.
pub fn from_file(path: &Path) -> Result<Secret, Error> {
    let text = private_text(path)?;
    let secret = text.trim_end_matches(['\n', '\r']);
    match secret {
        "" => Err(Error::Usage(format!("{} is empty; it should hold a secret", path.display()))),
        s if s.contains('\n') => {
            Err(Error::Usage(format!("{} holds several lines; it should hold one secret", path.display())))
        }
        s => Ok(Secret::new(s)),
    }
}

/// A file that holds secrets among other things; refused when others can read it. Pipes, as in `<(pass es)`, are
/// nobody else's.
pub(super) fn private_text(path: &Path) -> Result<String, Error> {
    let wrong = |e: io::Error| Error::Usage(format!("{} cannot be read: {e}", path.display()));
    let mut file = File::open(path).map_err(wrong)?;
    if file.metadata().map_err(wrong)?.is_file() && readable_by_others(&file).map_err(wrong)? {
        return Err(refused(path));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(wrong)?;
    Ok(text)
}

pub(super) fn refused(path: &Path) -> Error {
    let path = path.display();
    Error::Usage(format!("{path} holds a secret and everybody can read it: chmod 600 {path}"))
}

/// Asks on the terminal itself, for standard input may be the data.
pub(super) fn ask(user: &str) -> Result<Secret, Error> {
    rpassword::prompt_password(format!("Password for {user}: ")).map(Secret::new).map_err(|e| {
        let why = format!("the password of {user} cannot be asked for, there is no terminal ({e})");
        Error::Usage(format!("{why}; --password-file FILE names a file that holds it"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    fn file(mode: u32, text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        std::fs::set_permissions(file.path(), Permissions::from_mode(mode)).unwrap();
        file
    }

    #[test]
    fn a_secret_file_is_trimmed_and_private() {
        assert_eq!(from_file(file(0o600, "s3cret \r\n").path()).unwrap().expose(), "s3cret ");
        assert!(from_file(file(0o640, "s3cret").path()).is_ok());
        for (mode, text, why) in
            [(0o644, "s3cret", "chmod 600"), (0o600, "\n", "empty"), (0o600, "a\nb\n", "several")]
        {
            let message = from_file(file(mode, text).path()).unwrap_err().to_string();
            assert!(message.contains(why) && !message.contains("s3cret"), "{message}");
        }
        assert!(from_file(Path::new("/no/such/file")).unwrap_err().to_string().contains("/no/such/file"));
    }
}
