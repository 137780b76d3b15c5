//! What a client can read, from its `Accept` header.

use axum::http::{HeaderMap, header};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Json,
    GraphqlResponse,
    EventStream,
    Multipart,
}

impl Media {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Media::Json => "application/json; charset=utf-8",
            Media::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Media::EventStream => "text/event-stream; charset=utf-8",
            Media::Multipart => "multipart/mixed;boundary=graphql;subscriptionSpec=1.0",
        }
    }

    fn is_single(self) -> bool {
        matches!(self, Media::Json | Media::GraphqlResponse)
    }
}

/// The forms that a client accepts, the one it likes best first.
#[derive(Debug, Clone)]
pub(super) struct Accepted(Vec<Media>);

impl Accepted {
    /// `None` when the client accepts nothing that the service can say.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let values: Vec<&str> =
            headers.get_all(header::ACCEPT).iter().filter_map(|it| it.to_str().ok()).collect();
        if values.is_empty() {
            return Some(Self(vec![Media::Json]));
        }
        let mut ranges: Vec<(Media, f32)> = Vec::new();
        for range in values.iter().flat_map(|it| it.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let parameters: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
            let quality = parameters
                .iter()
                .find_map(|it| it.strip_prefix("q="))
                .and_then(|it| it.parse().ok())
                .unwrap_or(1.0);
            let media = match name.as_str() {
                "application/json" | "application/*" | "*/*" => Media::Json,
                "application/graphql-response+json" => Media::GraphqlResponse,
                "text/event-stream" | "text/*" => Media::EventStream,
                "multipart/mixed" if !parameters.iter().any(|it| it.starts_with("deferspec")) => {
                    Media::Multipart
                }
                _ => continue,
            };
            if quality > 0.0 && !ranges.iter().any(|(it, _)| *it == media) {
                ranges.push((media, quality));
            }
        }
        ranges.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let forms: Vec<Media> = ranges.into_iter().map(|(it, _)| it).collect();
        (!forms.is_empty()).then_some(Self(forms))
    }

    /// For an answer that is one document.
    pub(super) fn single(&self) -> Option<Media> {
        self.0
            .iter()
            .copied()
            .find(|it| it.is_single())
            .or_else(|| self.0.contains(&Media::Multipart).then_some(Media::Json))
    }

    /// For an operation that is answered once: an event stream only for those who ask for nothing
    /// else.
    pub(super) fn once(&self) -> Media {
        self.single().unwrap_or(Media::EventStream)
    }

    /// For a subscription.
    pub(super) fn stream(&self) -> Option<Media> {
        self.0.iter().copied().find(|it| !it.is_single())
    }

    /// For a refusal.
    pub(super) fn refusal(&self) -> Media {
        self.single().unwrap_or(Media::Json)
    }
}
