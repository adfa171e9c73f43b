//! jq's operators on values. Integers stay exact, whatever their length, where jq computes with 64-bit floats.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use jaq_json::{Num, Val};
use jaq_std::ValT as _;

use super::complaint::{one, plain, two};
use super::json::{Answer, Error, Json};

/// The longest text that is made of a repeated one: what a document says must not fill the memory.
const LONGEST: usize = 256 << 20;

fn float(number: &Val) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

impl Add for Json {
    type Output = Answer;

    fn add(self, other: Json) -> Answer {
        match (self.0, other.0) {
            (Val::Null, value) | (value, Val::Null) => Ok(Json(value)),
            (
                l @ (Val::Num(_) | Val::TStr(_) | Val::Arr(_) | Val::Obj(_)),
                r @ (Val::Num(_) | Val::TStr(_) | Val::Arr(_) | Val::Obj(_)),
            ) if std::mem::discriminant(&l) == std::mem::discriminant(&r) => (l + r).map(Json).map_err(plain),
            (l, r) => Err(two(&l, &r, "cannot be added")),
        }
    }
}

impl Sub for Json {
    type Output = Answer;

    fn sub(self, other: Json) -> Answer {
        match (self.0, other.0) {
            (l @ Val::Num(_), r @ Val::Num(_)) | (l @ Val::Arr(_), r @ Val::Arr(_)) => {
                (l - r).map(Json).map_err(plain)
            }
            (l, r) => Err(two(&l, &r, "cannot be subtracted")),
        }
    }
}

impl Mul for Json {
    type Output = Answer;

    fn mul(self, other: Json) -> Answer {
        match (self.0, other.0) {
            (Val::TStr(text), times @ Val::Num(_)) | (times @ Val::Num(_), Val::TStr(text)) => {
                let times = float(&times);
                if times < 0.0 || times.is_nan() {
                    return Ok(Json(Val::Null));
                }
                let times = times as usize;
                match text.len().checked_mul(times) {
                    Some(0..=LONGEST) => Ok(Json(Val::utf8_str(text.repeat(times)))),
                    Some(_) | None => Err(Error::str("Repeat string result too long")),
                }
            }
            (l @ Val::Num(_), r @ Val::Num(_)) | (l @ Val::Obj(_), r @ Val::Obj(_)) => {
                (l * r).map(Json).map_err(plain)
            }
            (l, r) => Err(two(&l, &r, "cannot be multiplied")),
        }
    }
}

impl Div for Json {
    type Output = Answer;

    fn div(self, other: Json) -> Answer {
        match (self.0, other.0) {
            (l @ Val::Num(_), r @ Val::Num(_)) if float(&r) == 0.0 => {
                Err(two(&l, &r, "cannot be divided because the divisor is zero"))
            }
            (l @ Val::Num(_), r @ Val::Num(_)) | (l @ Val::TStr(_), r @ Val::TStr(_)) => {
                (l / r).map(Json).map_err(plain)
            }
            (l, r) => Err(two(&l, &r, "cannot be divided")),
        }
    }
}

impl Rem for Json {
    type Output = Answer;

    /// Of integers; what is not whole is cut first.
    fn rem(self, other: Json) -> Answer {
        match (self.0, other.0) {
            (l @ Val::Num(_), r @ Val::Num(_)) if float(&l).is_nan() || float(&r).is_nan() => {
                Ok(Json::from(f64::NAN))
            }
            (l @ Val::Num(_), r @ Val::Num(_)) => {
                let (left, right) = (whole(&l), whole(&r));
                match right == Val::from(0isize) {
                    true => Err(two(&l, &r, "cannot be divided (remainder) because the divisor is zero")),
                    false => (left % right).map(Json).map_err(plain),
                }
            }
            (l, r) => Err(two(&l, &r, "cannot be divided (remainder)")),
        }
    }
}

fn whole(number: &Val) -> Val {
    match number {
        Val::Num(Num::Int(_) | Num::BigInt(_)) => number.clone(),
        other => Val::from(float(other) as isize),
    }
}

impl Neg for Json {
    type Output = Answer;

    fn neg(self) -> Answer {
        match self.0 {
            number @ Val::Num(_) => (-number).map(Json).map_err(plain),
            other => Err(one(&other, "cannot be negated")),
        }
    }
}
