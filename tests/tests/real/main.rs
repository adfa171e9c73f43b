//! The suites against real servers, in one binary so that each server is started once.

mod bulk;
mod nasty;
mod pipeline;
