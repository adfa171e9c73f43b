//! What happened, for the test to look at: every request, and what went against its expectations.

use std::sync::Mutex;

use super::wire::Request;

#[derive(Default)]
pub(crate) struct Journal {
    requests: Mutex<Vec<Request>>,
    problems: Mutex<Vec<String>>,
}

impl Journal {
    pub(crate) fn request(&self, request: Request) {
        self.requests.lock().expect("no panic while held").push(request);
    }

    pub(crate) fn problem(&self, problem: String) {
        self.problems.lock().expect("no panic while held").push(problem);
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic while held").clone()
    }

    pub(crate) fn problems(&self) -> Vec<String> {
        self.problems.lock().expect("no panic while held").clone()
    }
}
