//! The ways to read a target, from the best on: by which API, and shard by shard or as one expression. Which of them
//! may be gone, a server tells only when it is asked.

use es_core::server;
use es_core::server::Flavor;
use es_core::server::cursor::{Api, Cursor};
use es_core::server::search::Ask;
use es_core::server::session::Session;

use crate::error::Error;
use crate::plan::Plan;
use crate::units::{Unit, Units};

pub(crate) struct Way {
    pub(crate) api: Api,
    pub(crate) asks: Vec<Ask>,
}

/// Never none.
pub(crate) struct Ways {
    best: Way,
    others: Vec<Way>,
}

/// What came of opening a first unit, if there is one.
pub(crate) type Opened<'a> = Option<Result<Cursor<'a>, server::Error>>;

impl Ways {
    /// What was asked for, if the server can; else the best it can, and then what may be left.
    pub(crate) fn new(plan: &Plan, flavor: &Flavor, units: &Units, expression: &str) -> Result<Ways, Error> {
        let mut ways = ways(plan, flavor, &units.units);
        // Who may read an alias may not always read its indices. A share of them is not the whole.
        if plan.share.is_none() && units.hides_behind(expression) {
            ways.extend(self::ways(plan, flavor, &[Unit::whole(expression)]));
        }
        let mut ways = ways.into_iter();
        match (ways.next(), plan.api) {
            (Some(best), _) => Ok(Ways { best, others: ways.collect() }),
            (None, api) => {
                let api = api.map(|api| format!(" with --api {api:?}").to_lowercase()).unwrap_or_default();
                Err(Error::Missing(format!("{} cannot be read{api} here", flavor.name())))
            }
        }
    }

    /// Opens the first unit by the best way that is not forbidden. What else there is to say of it is said where it is
    /// read.
    pub(crate) fn begin<'a>(&'a self, session: &'a Session<'a>) -> (&'a Way, Opened<'a>) {
        let (mut way, mut opened) = (&self.best, self.best.open(session));
        for next in &self.others {
            match &opened {
                Some(Err(error)) if error.refusal().is_some_and(|refusal| refusal.status == 403) => {
                    log::info!("{error}: it is read in another way");
                }
                Some(_) | None => break,
            }
            (way, opened) = (next, next.open(session));
        }
        if way.api == Api::Scroll {
            let name = session.flavor.name();
            log::info!("{name} is read by scroll: a lost answer cannot be asked for again");
        }
        (way, opened)
    }
}

impl Way {
    fn open<'a>(&'a self, session: &'a Session<'a>) -> Opened<'a> {
        self.asks.first().map(|ask| Cursor::open(session, ask, self.api))
    }
}

/// The ways to read these units. Shard by shard it is the best alone: who may search an index may do so in any way. An
/// expression can be forbidden to all but a scroll, for a point in time is of the indices behind it.
fn ways(plan: &Plan, flavor: &Flavor, units: &[Unit]) -> Vec<Way> {
    let by_shard = units.iter().all(|unit| unit.shard.is_some());
    let can = |api: &Api| match api {
        Api::Seq => flavor.pit().is_some() && by_shard,
        Api::Pit => flavor.pit().is_some() && (by_shard || flavor.shard_doc()),
        Api::Scroll => true,
    };
    let wanted = |api: &Api| plan.api.is_none_or(|wanted| wanted == *api);
    let apis = [Api::Seq, Api::Pit, Api::Scroll].into_iter().filter(|api| can(api) && wanted(api));
    let asks = || units.iter().map(|unit| ask(plan, unit)).collect();
    apis.take(if by_shard { 1 } else { 3 }).map(|api| Way { api, asks: asks() }).collect()
}

fn ask(plan: &Plan, unit: &Unit) -> Ask {
    Ask {
        index: unit.index.clone(),
        shard: unit.shard,
        filters: plan.query.filters.iter().chain(&unit.filter).cloned().collect(),
        members: plan.query.members.clone(),
        meta: plan.meta,
    }
}
