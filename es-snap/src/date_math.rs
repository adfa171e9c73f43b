//! Names with dates, such as `<nightly-{now/d}>`, as Elasticsearch reads them in index and snapshot names
//! (<https://www.elastic.co/docs/reference/elasticsearch/rest-apis/api-conventions#api-date-math-index-names>). They
//! are worked out here, because the server does not tell which name it made of them.
//!
//! `<TEXT{now+1d/d{uuuu.MM.dd|+02:00}}TEXT>`: steps of y M w d h H m s, each added (`+1d`), taken off (`-1d`) or rounded
//! down to (`/d`), a pattern and a time zone. A backslash takes the meaning from a brace.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Unit, Zoned, ZonedRound};

/// The pattern where none is given.
const DAY: &str = "uuuu.MM.dd";

/// The name at the time `now`. What does not begin with `<` is a name already.
///
/// # Errors
/// The words for what cannot be read.
pub(crate) fn resolve(name: &str, now: Timestamp) -> Result<String, String> {
    let Some(inner) = name.strip_prefix('<') else { return Ok(name.to_owned()) };
    let inner = inner.strip_suffix('>').ok_or("it begins with < and does not end with >")?;
    let mut out = String::new();
    let mut rest = inner;
    while let Some(at) = rest.find(['{', '}', '\\']) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'\\' => {
                let c = rest[at + 1..].chars().next().ok_or("it ends with a backslash")?;
                out.push(c);
                rest = &rest[at + 1 + c.len_utf8()..];
            }
            b'{' => {
                let body = &rest[at + 1..];
                let end = closing(body).ok_or("a brace is not closed")?;
                out.push_str(&expression(&body[..end], now)?);
                rest = &body[end + 1..];
            }
            _ => return Err("a brace is closed that was not opened".into()),
        }
    }
    Ok(out + rest)
}

/// What all names of this form match, `nightly-*`; a name itself where there is no date in it.
pub(crate) fn pattern(name: &str) -> String {
    let Some(inner) = name.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
        return name.to_owned();
    };
    let mut out = String::new();
    let mut rest = inner;
    while let Some(at) = rest.find(['{', '\\']) {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        rest = if rest[at..].starts_with('{') {
            out.push('*');
            closing(behind).map_or("", |end| &behind[end + 1..])
        } else {
            let escaped = behind.chars().next().map_or(0, char::len_utf8);
            out.push_str(&behind[..escaped]);
            &behind[escaped..]
        };
    }
    out + rest
}

/// Where the brace ends that stands before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `now/d{pattern|zone}`
fn expression(text: &str, now: Timestamp) -> Result<String, String> {
    let (math, format) = match text.split_once('{') {
        Some((math, format)) => {
            (math, format.strip_suffix('}').ok_or("text stands behind the pattern of a date")?)
        }
        None => (text, DAY),
    };
    let (pattern, zone) = match format.split_once('|') {
        Some((pattern, zone)) => (pattern, time_zone(zone)?),
        None => (format, TimeZone::UTC),
    };
    let steps = math.trim().strip_prefix("now").ok_or(format!("`{math}` does not begin with now"))?;
    let time = walk(now.to_zoned(zone), steps)?;
    print(&time, pattern)
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    let offset = |sign: i32, digits: &str| {
        let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
        let seconds =
            i32::from(hours.parse::<i16>().ok()?) * 3600 + i32::from(minutes.parse::<i16>().ok()?) * 60;
        jiff::tz::Offset::from_seconds(sign * seconds).ok().map(TimeZone::fixed)
    };
    let zone = match name.strip_prefix('+').map(|digits| (1, digits)) {
        Some((sign, digits)) => offset(sign, digits),
        None => match name.strip_prefix('-') {
            Some(digits) => offset(-1, digits),
            None => TimeZone::get(name).ok(),
        },
    };
    zone.ok_or(format!("there is no time zone `{name}`"))
}

/// Takes the steps behind `now`, from left to right.
fn walk(mut time: Zoned, steps: &str) -> Result<Zoned, String> {
    let wrong = || format!("`{steps}` is not a step in time, such as -1d or /d");
    let mut rest = steps;
    while let Some(sign) = rest.chars().next() {
        if !matches!(sign, '+' | '-' | '/') {
            return Err(wrong());
        }
        let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        let count: i64 = match &rest[1..=digits] {
            "" => 1,
            digits => digits.parse().map_err(|_| wrong())?,
        };
        let unit = rest[1 + digits..].chars().next().ok_or_else(wrong)?;
        time = match sign {
            '+' => time.checked_add(span(unit, count).ok_or_else(wrong)?).map_err(|e| e.to_string())?,
            '-' => time.checked_sub(span(unit, count).ok_or_else(wrong)?).map_err(|e| e.to_string())?,
            '/' if digits == 0 => floor(&time, unit).ok_or_else(wrong)?,
            _ => return Err(wrong()),
        };
        rest = &rest[1 + digits + unit.len_utf8()..];
    }
    Ok(time)
}

fn span(unit: char, count: i64) -> Option<Span> {
    let span = Span::new();
    match unit {
        'y' => span.try_years(count),
        'M' => span.try_months(count),
        'w' => span.try_weeks(count),
        'd' => span.try_days(count),
        'h' | 'H' => span.try_hours(count),
        'm' => span.try_minutes(count),
        's' => span.try_seconds(count),
        _ => return None,
    }
    .ok()
}

fn floor(time: &Zoned, unit: char) -> Option<Zoned> {
    let date = time.date();
    let day = match unit {
        'y' => date.first_of_year(),
        'M' => date.first_of_month(),
        'w' if date.weekday() == Weekday::Monday => date,
        'w' => date.nth_weekday(-1, Weekday::Monday).ok()?,
        'd' => date,
        'h' | 'H' | 'm' | 's' => {
            let unit = match unit {
                'm' => Unit::Minute,
                's' => Unit::Second,
                _ => Unit::Hour,
            };
            return time.round(ZonedRound::new().smallest(unit).mode(jiff::RoundMode::Trunc)).ok();
        }
        _ => return None,
    };
    day.to_zoned(time.time_zone().clone()).ok()
}

/// The letters of Java's patterns that names are made of; text in quotes stands for itself.
fn print(time: &Zoned, pattern: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let run = rest.chars().take_while(|other| *other == c).count();
        let number = |value: i64, width: usize| format!("{value:0width$}");
        let text = match (c, run) {
            ('y' | 'u', 4) => number(time.year().into(), 4),
            ('y' | 'u', 2) => number(i64::from(time.year()) % 100, 2),
            ('x', 4) => number(time.date().iso_week_date().year().into(), 4),
            ('w', 1..=2) => number(time.date().iso_week_date().week().into(), run),
            ('M', 1..=2) => number(time.month().into(), run),
            ('d', 1..=2) => number(time.day().into(), run),
            ('D', 1..=3) => number(time.day_of_year().into(), run),
            ('e', 1) => number(time.weekday().to_monday_one_offset().into(), 1),
            ('H', 1..=2) => number(time.hour().into(), run),
            ('m', 1..=2) => number(time.minute().into(), run),
            ('s', 1..=2) => number(time.second().into(), run),
            ('S', 1..=3) => number(time.millisecond().into(), 3)[..run].to_owned(),
            ('\'', _) => {
                let end = rest[1..].find('\'').ok_or("a quote is not closed")?;
                out.push_str(&rest[1..=end]);
                rest = &rest[end + 2..];
                continue;
            }
            (c, _) if c.is_ascii_alphabetic() => {
                return Err(format!("`{}` in the pattern `{pattern}` is not known here", &rest[..run]));
            }
            (c, run) => c.to_string().repeat(run),
        };
        out.push_str(&text);
        rest = &rest[run * c.len_utf8()..];
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_worked_out_as_the_servers_do() {
        // A Saturday.
        let now: Timestamp = "2026-11-21T22:45:59.123Z".parse().unwrap();
        for (name, resolved) in [
            ("plain", "plain"),
            ("<nightly-{now/d}>", "nightly-2026.11.21"),
            ("<nightly-{now}>", "nightly-2026.11.21"),
            ("<nightly-{now/d-1d}>", "nightly-2026.11.20"),
            ("<a-{now/M{yyyy.MM}}-b>", "a-2026.11-b"),
            ("<a-{now/M-1M{yyyy.MM.dd}}>", "a-2026.10.01"),
            ("<a-{now{yyyy.MM.dd-HH.mm.ss}}>", "a-2026.11.21-22.45.59"),
            ("<a-{now/d{yyyy.MM.dd|+12:00}}>", "a-2026.11.22"),
            ("<a-{now/d{yyyy.MM.dd|-1}}>", "a-2026.11.21"),
            ("<a-{now/d{uuuu-MM-dd|Asia/Tokyo}}>", "a-2026-11-22"),
            ("<a-{now/w{xxxx.ww}}-{now/w}>", "a-2026.47-2026.11.16"),
            ("<a-{now+2h/h{dd'T'HH.mm}}>", "a-22T00.00"),
            ("<elastic\\{ON\\}-{now/M}>", "elastic{ON}-2026.11.01"),
            ("<{now/y{yy}}>", "26"),
        ] {
            assert_eq!(resolve(name, now).as_deref(), Ok(resolved), "{name}");
        }
        for (name, matching) in [
            ("plain", "plain"),
            ("<nightly-{now/d}>", "nightly-*"),
            ("<a-{now/M{yyyy.MM}}-{now}b>", "a-*-*b"),
            ("<elastic\\{ON\\}-{now/M}>", "elastic{ON}-*"),
        ] {
            assert_eq!(pattern(name), matching, "{name}");
        }
        for (name, why) in [
            ("<a", "does not end with >"),
            ("<a-{now/d>", "not closed"),
            ("<a-now}>", "not opened"),
            ("<a-{then/d}>", "does not begin with now"),
            ("<a-{now/q}>", "not a step"),
            ("<a-{now+1}>", "not a step"),
            ("<a-{now/2d}>", "not a step"),
            ("<a-{now–1d}>", "not a step"),
            ("<a-{now/dé}>", "not a step"),
            ("<a-{now/é}>", "not a step"),
            ("<a-{now/d{yyyy|+9999999}}>", "no time zone `+9999999`"),
            ("<a-{now/d{yyyy|-32000:32000}}>", "no time zone `-32000:32000`"),
            ("<a-{now/d{yyyy|Nowhere}}>", "no time zone `Nowhere`"),
            ("<a-{now/d{EEE}}>", "`EEE` in the pattern"),
        ] {
            let error = resolve(name, now).unwrap_err();
            assert!(error.contains(why), "{name}: {error}");
        }
    }
}
