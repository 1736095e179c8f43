//! W3C trace context.

use std::fmt;
use std::ops::Range;

/// The headers that hold it.
pub(crate) const TRACEPARENT: &str = "traceparent";
pub(crate) const TRACESTATE: &str = "tracestate";

/// `00-` trace id `-` span id `-` flags.
const LENGTH: usize = 55;
const TRACE_ID: Range<usize> = 3..35;
const SPAN_ID: Range<usize> = 36..52;
const FLAGS: Range<usize> = 53..55;

/// What a receiver has to pass on at least, and how many members there may be.
const LONGEST_STATE: usize = 512;
const MOST_MEMBERS: usize = 32;

/// Where an event belongs in a trace: a position in the form of [W3C Trace Context](https://www.w3.org/TR/trace-context/), which records
/// carry in the headers `traceparent` and `tracestate`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TraceContext {
    traceparent: [u8; LENGTH],
    tracestate: String,
}

impl TraceContext {
    /// Reads a context from the values of its two headers; an absent `tracestate` is `""`.
    ///
    /// `None` if `traceparent` is malformed, or one of its ids is zero. Versions above `00` are read as far as `00` goes, and written as
    /// `00`. Of a `tracestate` beyond 32 members or 512 bytes, the last members are dropped, and all of it if it is not printable ASCII.
    #[must_use]
    pub fn new(traceparent: &str, tracestate: &str) -> Option<Self> {
        let (known, rest) = traceparent.trim_matches([' ', '\t']).as_bytes().split_first_chunk::<LENGTH>()?;
        let hex =
            |range: Range<usize>| known[range].iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let dashes = [2, 35, 52].iter().all(|place| known[*place] == b'-');
        let ids = [TRACE_ID, SPAN_ID]
            .into_iter()
            .all(|id| hex(id.clone()) && known[id].iter().any(|byte| *byte != b'0'));
        let rest = match &known[..2] {
            b"00" => rest.is_empty(),
            b"ff" => false,
            _ => hex(0..2) && (rest.is_empty() || rest.starts_with(b"-")),
        };
        if !(dashes && ids && hex(FLAGS) && rest) {
            return None;
        }
        let mut traceparent = *known;
        traceparent[..2].copy_from_slice(b"00");
        Some(Self { traceparent, tracestate: whole_members(tracestate) })
    }

    /// Returns the value of the header `traceparent`.
    #[must_use]
    pub fn traceparent(&self) -> &str {
        self.part(0..LENGTH)
    }

    /// Returns the value of the header `tracestate`; `""` if there is none.
    #[must_use]
    pub fn tracestate(&self) -> &str {
        &self.tracestate
    }

    /// Returns the id of the trace, as 32 hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.part(TRACE_ID)
    }

    /// Returns the id of the span, as 16 hexadecimal digits.
    #[must_use]
    pub fn span_id(&self) -> &str {
        self.part(SPAN_ID)
    }

    /// Returns whether the trace is recorded.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        u8::from_str_radix(self.part(FLAGS), 16).is_ok_and(|flags| flags & 1 == 1)
    }

    /// What was checked is ASCII.
    fn part(&self, range: Range<usize>) -> &str {
        self.traceparent.get(range).and_then(|part| std::str::from_utf8(part).ok()).unwrap_or_default()
    }
}

/// Drops members from the end, and never a part of one.
fn whole_members(tracestate: &str) -> String {
    let state = tracestate.trim_matches([' ', '\t', ',']);
    if !state.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) {
        return String::new();
    }
    let mut whole = String::new();
    for member in state
        .split(',')
        .map(|member| member.trim_matches([' ', '\t']))
        .filter(|member| !member.is_empty())
        .take(MOST_MEMBERS)
    {
        if whole.len() + 1 + member.len() > LONGEST_STATE {
            break;
        }
        if !whole.is_empty() {
            whole.push(',');
        }
        whole.push_str(member);
    }
    whole
}

impl fmt::Debug for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TraceContext").field(&self.traceparent()).finish()
    }
}

/// Returns the trace context of a record, from its headers `traceparent` and `tracestate`, so that a consumer's span can continue the
/// trace of the event.
///
/// Takes headers as any Kafka client has them. `None` if there is no context, or none that is valid.
///
/// ```
/// use entity_events::telemetry::trace_context_of;
///
/// // With rdkafka: message.headers().into_iter().flat_map(|all| all.iter()).filter_map(|h| Some((h.key, h.value?)))
/// let headers = [("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".as_slice())];
/// let context = trace_context_of(headers).expect("a context");
/// assert_eq!(context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
/// assert!(context.is_sampled());
/// ```
#[must_use]
pub fn trace_context_of<'a>(headers: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Option<TraceContext> {
    let (mut parent, mut state) = (None, None);
    for (name, value) in headers {
        match name {
            TRACEPARENT => parent = parent.or(std::str::from_utf8(value).ok()),
            TRACESTATE => state = state.or(std::str::from_utf8(value).ok()),
            _ => {}
        }
    }
    TraceContext::new(parent?, state.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_context_is_read_and_written_back() {
        let context = TraceContext::new(PARENT, "a=1, b=2,,").expect("valid");
        assert_eq!((context.traceparent(), context.tracestate()), (PARENT, "a=1,b=2"));
        assert_eq!(
            (context.trace_id(), context.span_id()),
            ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
        );
        assert!(context.is_sampled());
        assert!(!TraceContext::new(&PARENT.replace("-01", "-02"), "").expect("valid").is_sampled());
    }

    #[test]
    fn a_later_version_is_read_and_written_as_ours() {
        for later in
            [PARENT.replacen("00", "cc", 1), format!("{}-what-comes", PARENT.replacen("00", "01", 1))]
        {
            assert_eq!(TraceContext::new(&later, "").expect("valid").traceparent(), PARENT, "{later}");
        }
    }

    #[test]
    fn what_is_malformed_is_no_context() {
        let upper = PARENT.to_uppercase();
        let longer = format!("{PARENT}-00");
        for text in [
            "",
            "00",
            &PARENT[..54],
            &longer,
            &upper,
            &PARENT.replacen("00", "ff", 1),
            &PARENT.replacen("00", "0x", 1),
            &PARENT.replace('-', "_"),
            &PARENT.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            &PARENT.replace("b7ad6b7169203331", &"0".repeat(16)),
            &PARENT.replace("-01", "-0g"),
            "00-ä",
        ] {
            assert_eq!(TraceContext::new(text, ""), None, "{text}");
        }
    }

    #[test]
    fn members_of_the_state_are_dropped_whole() {
        let state = |text: &str| TraceContext::new(PARENT, text).expect("valid").tracestate().to_owned();
        let many: Vec<_> = (0..40).map(|number| format!("k{number}=v")).collect();
        assert_eq!(state(&many.join(",")), many[..32].join(","));
        let long = format!("a={},b={}", "x".repeat(300), "y".repeat(300));
        assert_eq!(state(&long), format!("a={}", "x".repeat(300)));
        assert_eq!(state("a=ä"), "");
    }

    #[test]
    fn a_record_has_the_context_of_its_headers() {
        let context = trace_context_of([
            ("x", b"y".as_slice()),
            (TRACESTATE, b"a=1"),
            (TRACEPARENT, PARENT.as_bytes()),
        ]);
        assert_eq!(context, TraceContext::new(PARENT, "a=1"));
        assert_eq!(trace_context_of([(TRACESTATE, b"a=1".as_slice())]), None);
        assert_eq!(trace_context_of([(TRACEPARENT, [0xff].as_slice())]), None);
    }
}
