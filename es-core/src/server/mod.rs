//! What servers say: versions, cursors, pages, bulk answers, error objects.
