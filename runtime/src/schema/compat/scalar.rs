//! The keywords of numbers and strings.

use serde_json::{Map, Value};

use super::alternative::Alternative;
use super::finding::{Finding, Kind};
use super::inclusion::Inclusion;
use super::number::{End, Numeric, integer_range};
use super::types::Types;
use super::value::limit;
use super::{describe, pattern};

impl<'a> Inclusion<'a> {
    pub(super) fn number(&self, writer: &Alternative<'a>, reader: &'a Map<String, Value>) -> Vec<Finding> {
        let integers = !writer.types.has(Types::NUMBER.without(Types::INTEGER));
        let formats = self.settings.formats;
        let mut findings = Vec::new();
        for end in [End::Lower, End::Upper] {
            let Some(accepted) = end.of(&[reader], integers, formats) else { continue };
            let written = end.of(&writer.flats, integers, formats);
            if !written.is_some_and(|bound| bound.is_within(accepted, end)) {
                let written = written.map_or_else(|| "no limit".to_owned(), |bound| bound.text(end));
                Finding::merge(&mut findings, vec![Finding::new(Kind::Limit, written, accepted.text(end))]);
            }
        }
        if let Some(finding) = Self::multiple(writer, integers, reader) {
            Finding::merge(&mut findings, vec![finding]);
        }
        findings.extend(self.number_format(writer, reader));
        findings
    }

    fn multiple(writer: &Alternative<'a>, integers: bool, reader: &'a Map<String, Value>) -> Option<Finding> {
        let step = |value: &Value| value.as_number().and_then(Numeric::new);
        let accepted = reader.get("multipleOf").and_then(step)?;
        let one = integers.then_some(Numeric::Integer(1));
        let fits =
            writer.keyword("multipleOf").filter_map(step).chain(one).any(|by| by.is_multiple_of(accepted));
        let text = |step: Option<&Value>| {
            step.map_or_else(|| "any".to_owned(), |step| format!("multiples of {step}"))
        };
        (!fits).then(|| {
            let written = text(writer.keyword("multipleOf").next());
            Finding::new(Kind::Limit, written, text(reader.get("multipleOf")))
        })
    }

    /// Whatever is a number is read as a `double`, and any integer as a `float`. Other formats have to be the same, and
    /// those of integers are ranges.
    fn number_format(&self, writer: &Alternative<'a>, reader: &'a Map<String, Value>) -> Option<Finding> {
        let accepted = self.format_of(reader).filter(|format| integer_range(format).is_none())?;
        let integers = !writer.types.has(Types::NUMBER.without(Types::INTEGER));
        let fits = match accepted {
            "double" => true,
            "float" if integers => true,
            _ => writer.keyword("format").any(|written| written == accepted),
        };
        (!fits).then(|| Finding::new(Kind::Format, describe::alternative(self.writer, writer), accepted))
    }

    pub(super) fn string(&self, writer: &Alternative<'a>, reader: &'a Map<String, Value>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let least = writer.flats.iter().filter_map(|flat| limit(flat, "minLength")).max();
        let most = writer.flats.iter().filter_map(|flat| limit(flat, "maxLength")).min();
        let text = |limit: Option<u64>, name: &str| {
            limit.map_or_else(|| format!("no {name}"), |n| format!("{name} {n}"))
        };
        if let Some(accepted) = limit(reader, "minLength").filter(|accepted| least.unwrap_or(0) < *accepted) {
            findings.push(Finding::new(
                Kind::Limit,
                text(least, "minLength"),
                text(Some(accepted), "minLength"),
            ));
        }
        if let Some(accepted) =
            limit(reader, "maxLength").filter(|accepted| most.is_none_or(|most| most > *accepted))
        {
            let finding =
                Finding::new(Kind::Limit, text(most, "maxLength"), text(Some(accepted), "maxLength"));
            Finding::merge(&mut findings, vec![finding]);
        }
        findings.extend(self.pattern(writer, reader));
        findings.extend(self.string_format(writer, reader));
        findings
    }

    fn pattern(&self, writer: &Alternative<'a>, reader: &'a Map<String, Value>) -> Option<Finding> {
        let accepted = reader.get("pattern").and_then(Value::as_str)?;
        let written: Vec<&str> = writer.keyword("pattern").filter_map(Value::as_str).collect();
        if written.iter().any(|written| pattern::includes(accepted, written)) {
            return None;
        }
        let text = match written.first() {
            Some(pattern) => format!("`{pattern}`"),
            None => describe::alternative(self.writer, writer),
        };
        let kind = Kind::Pattern { another: !written.is_empty() };
        Some(Finding::new(kind, text, format!("`{accepted}`")))
    }

    fn string_format(&self, writer: &Alternative<'a>, reader: &'a Map<String, Value>) -> Option<Finding> {
        let accepted = self.format_of(reader)?;
        let fits = writer.keyword("format").filter_map(Value::as_str).any(|written| {
            written == accepted
                || matches!((written, accepted), ("ipv4" | "ipv6", "ip") | ("uri", "uri-reference"))
        });
        (!fits).then(|| {
            let text = describe::alternative(self.writer, writer);
            Finding::new(Kind::Format, text, format!("string ({accepted})"))
        })
    }

    fn format_of<'k>(&self, keywords: &'k Map<String, Value>) -> Option<&'k str> {
        keywords.get("format").and_then(Value::as_str).filter(|_| self.settings.formats)
    }
}
