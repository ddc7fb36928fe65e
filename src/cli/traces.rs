//! Traces, as [OpenTelemetry](https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/) has them: sent by OTLP over HTTP to
//! the collector that the standard's own environment variables name. Without one, nothing is traced.

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use samverkan::app::TRACES;
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

/// Each says where traces go, the first before the second.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";
/// How long the collector may take for the last of them.
const LAST_SPANS: Duration = Duration::from_millis(500);

/// Where traces go, while there is any.
pub struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// None.
    pub fn off() -> Self {
        Self(None)
    }

    /// To where the environment says. Fails where it names no place that can be sent to, with the variable that does.
    pub fn from_environment() -> Result<Self, (&'static str, String)> {
        let Some(variable) = ENDPOINTS.into_iter().find(|name| is_set(name)) else { return Ok(Self::off()) };
        let exporter = SpanExporter::builder().with_http().build().map_err(|error| (variable, error.to_string()))?;
        let resource = Resource::builder();
        let resource = if is_set(SERVICE_NAME) { resource } else { resource.with_service_name("samverkan") };
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build());
        Ok(Self(Some(provider.build())))
    }

    /// What hears of each span.
    pub fn layer<S: Subscriber + for<'span> LookupSpan<'span>>(&self) -> Option<impl Layer<S> + use<S>> {
        let tracer = self.0.as_ref()?.tracer("samverkan");
        let layer = tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false);
        Some(layer.with_filter(Targets::new().with_target(TRACES, Level::DEBUG)))
    }

    /// Sends what has not been sent.
    pub fn close(self) {
        if let Some(provider) = self.0
            && let Err(error) = provider.shutdown_with_timeout(LAST_SPANS)
        {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
