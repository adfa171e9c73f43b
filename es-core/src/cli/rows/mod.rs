//! Reports: rows with typed columns, sorted by what the values are worth, shown as data or as a table.

pub mod choice;
pub mod column;
pub mod fields;
pub mod kind;
pub mod look;
pub mod output;
pub mod row;
pub mod sort;
pub mod table;

pub use column::{Column, more, shown};
pub use fields::Fields;
pub use kind::Kind;
pub use look::Look;
pub use output::Output;
pub use row::{Row, put};
