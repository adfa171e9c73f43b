//! The suites against real servers, in one binary so that each server is started once.

mod bulk;
mod connection;
mod nasty;
mod pipeline;
mod routing;
mod scroll;
