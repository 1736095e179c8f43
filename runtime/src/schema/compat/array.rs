//! The keywords of arrays.

use serde_json::{Map, Value};

use super::alternative::Alternative;
use super::describe;
use super::finding::{Finding, Kind, Step};
use super::inclusion::Inclusion;
use super::value::{item_schema, limit};

/// Items of tuples are compared one by one up to this many.
const LONGEST: usize = 256;

impl<'a> Inclusion<'a> {
    pub(super) fn array(
        &mut self,
        writer: &Alternative<'a>,
        reader: &'a Map<String, Value>,
        depth: usize,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let tuple = |keywords: &Map<String, Value>| {
            keywords.get("items").and_then(Value::as_array).map_or(0, Vec::len)
        };
        let longest = writer.flats.iter().map(|flat| tuple(flat)).chain([tuple(reader)]).max().unwrap_or(0);
        let longest = longest.min(LONGEST);
        let mut most = writer.flats.iter().filter_map(|flat| limit(flat, "maxItems")).min();

        for index in 0..=longest {
            if most.is_some_and(|most| most <= index as u64) {
                break;
            }
            let items: Vec<&Value> =
                writer.flats.iter().filter_map(|flat| item_schema(flat, index)).collect();
            if self.expand(self.writer, &items).is_some_and(|found| found.is_empty()) {
                most = Some(index as u64);
                break;
            }
            let Some(accepted) = item_schema(reader, index) else { continue };
            if accepted == &Value::Bool(false) {
                let text = describe::at_most(most, "items");
                findings.push(Finding::new(
                    Kind::Limit,
                    text,
                    describe::at_most(Some(index as u64), "items"),
                ));
                break;
            }
            let step = if index == longest { Step::AnyItem } else { Step::Item(index) };
            findings.extend(self.within(&step, &items, accepted, depth));
        }
        if let Some(finding) = count(writer, most, reader) {
            Finding::merge(&mut findings, vec![finding]);
        }
        findings
    }
}

fn count(writer: &Alternative<'_>, most: Option<u64>, reader: &Map<String, Value>) -> Option<Finding> {
    let least = writer.flats.iter().filter_map(|flat| limit(flat, "minItems")).max().unwrap_or(0);
    let limited = |written: String, accepted: String| Some(Finding::new(Kind::Limit, written, accepted));
    if let Some(accepted) = limit(reader, "minItems").filter(|accepted| least < *accepted) {
        return limited(describe::at_least(least, "items"), describe::at_least(accepted, "items"));
    }
    if let Some(accepted) =
        limit(reader, "maxItems").filter(|accepted| most.is_none_or(|most| most > *accepted))
    {
        return limited(describe::at_most(most, "items"), describe::at_most(Some(accepted), "items"));
    }
    let is_unique = |unique: &Value| *unique == Value::Bool(true);
    let unique = most.is_some_and(|most| most < 2) || writer.keyword("uniqueItems").any(is_unique);
    if reader.get("uniqueItems").is_some_and(is_unique) && !unique {
        return limited("items that may repeat".to_owned(), "unique items".to_owned());
    }
    None
}
