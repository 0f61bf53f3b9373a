//! A body whose bytes are counted as they come.

use super::observe::Meter;
use http::Response;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The body of an answer.
pub struct Metered<B> {
    body: B,
    meter: Arc<Meter>,
}

/// The same answer, whose bytes are counted by `meter`.
pub fn metered<B>(response: Response<B>, meter: &Arc<Meter>) -> Response<Metered<B>> {
    response.map(|body| Metered { body, meter: meter.clone() })
}

impl<B: Body<Data = Bytes> + Unpin> Body for Metered<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            this.meter.received(frame.data_ref().map_or(0, Bytes::len));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::{BodyExt, Full};

    #[tokio::test]
    async fn every_byte_is_counted_once() {
        let meter = Arc::new(Meter::default());
        let response = metered(Response::new(Full::new(Bytes::from_static(b"0123456789"))), &meter);
        assert_eq!(meter.bytes(), 0);
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes().len(), 10);
        assert_eq!(meter.bytes(), 10);
    }
}
