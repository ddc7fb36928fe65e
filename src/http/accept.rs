//! Which form of an answer a client wants: one of the two media types of GraphQL over HTTP, or a stream of them.

/// What an answer is written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MediaType {
    /// `application/graphql-response+json`: the status code says whether the request was executed.
    GraphqlResponse,
    /// `application/json`: 200 for every well-formed request, as older clients expect.
    Json,
    /// `text/event-stream`: each answer is an event, as the protocol of graphql-sse has it. What is refused is JSON.
    EventStream,
}

impl MediaType {
    pub fn content_type(self) -> &'static str {
        match self {
            MediaType::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            MediaType::Json | MediaType::EventStream => "application/json; charset=utf-8",
        }
    }

    fn name(self) -> &'static str {
        match self {
            MediaType::GraphqlResponse => "application/graphql-response+json",
            MediaType::Json => "application/json",
            MediaType::EventStream => "text/event-stream",
        }
    }
}

/// The best of them by quality, or nothing if none is acceptable. Between equals, the one that is named wins
/// over the one that a wildcard covers, and plain JSON wins among wildcards: what sends those is old, or a person.
/// Events are for those who name them, and like them better than an answer.
pub fn negotiate(accept: Option<&str>) -> Option<MediaType> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return Some(MediaType::Json);
    };
    let ranges = ranges(accept);
    let rank = |media| best(&ranges, media).filter(|(quality, _)| *quality > 0);
    let json = rank(MediaType::Json);
    let response = rank(MediaType::GraphqlResponse);
    let named = |found: &(u16, u8)| found.1 == EXACT;
    if let Some(events) = rank(MediaType::EventStream).filter(named)
        && [json, response].into_iter().flatten().filter(named).all(|other| other.0 < events.0)
    {
        return Some(MediaType::EventStream);
    }
    match (response, json) {
        (None, None) => None,
        (Some(response), Some(json)) if response >= json && response.1 == EXACT => Some(MediaType::GraphqlResponse),
        (Some(response), Some(json)) if response.0 > json.0 => Some(MediaType::GraphqlResponse),
        (Some(_), None) => Some(MediaType::GraphqlResponse),
        (_, Some(_)) => Some(MediaType::Json),
    }
}

/// Whether a stream of events is named among what is acceptable, be it as the last resort: what has more than one answer has no other form.
pub fn takes_events(accept: Option<&str>) -> bool {
    let found = accept.and_then(|accept| best(&ranges(accept), MediaType::EventStream));
    found.is_some_and(|(quality, exactness)| quality > 0 && exactness == EXACT)
}

fn ranges(accept: &str) -> Vec<Range<'_>> {
    accept.split(',').filter_map(Range::parse).collect()
}

const EXACT: u8 = 2;

struct Range<'a> {
    name: &'a str,
    /// Thousandths, so that qualities compare exactly.
    quality: u16,
}

impl<'a> Range<'a> {
    /// `None` for what is malformed, or asks for a character set that is not ours.
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().filter(|name| name.contains('/'))?;
        let mut quality = 1000;
        for parameter in parts {
            let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = value.trim().trim_matches('"');
            match key.trim().to_ascii_lowercase().as_str() {
                "q" => quality = thousandths(value)?,
                "charset" if !value.eq_ignore_ascii_case("utf-8") => return None,
                _ => {}
            }
        }
        Some(Self { name, quality })
    }

    /// How exactly it names the media type, if it does.
    fn names(&self, media: MediaType) -> Option<u8> {
        match self.name {
            name if name.eq_ignore_ascii_case(media.name()) => Some(EXACT),
            name if name.eq_ignore_ascii_case("application/*") => Some(1),
            "*/*" => Some(0),
            _ => None,
        }
    }
}

/// Quality and exactness: the most exact range decides, as RFC 9110 says.
fn best(ranges: &[Range<'_>], media: MediaType) -> Option<(u16, u8)> {
    ranges
        .iter()
        .filter_map(|range| Some((range.names(media)?, range.quality)))
        .max()
        .map(|(exactness, quality)| (quality, exactness))
}

/// A quality in thousandths, as [`Range`] has it.
pub fn thousandths(text: &str) -> Option<u16> {
    let quality: f32 = text.parse().ok()?;
    (0.0..=1.0).contains(&quality).then_some((quality * 1000.0) as u16)
}
