//! Reads from the network in large pieces. TLS asks for 4 KiB at a time; a list of 100,000 pods would be a quarter of
//! a million system calls.

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::BufReader;
use tower::Service;

/// Bytes that are read at once; each open connection holds as many.
const PIECE: usize = 1 << 15;

/// A connector whose connections read in large pieces.
#[derive(Clone)]
pub struct Buffered<C>(pub C);

impl<C> Service<Uri> for Buffered<C>
where
    C: Service<Uri>,
    C::Response: Read + Write + Unpin,
    C::Future: Send + 'static,
{
    type Response = Stream<C::Response>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, C::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let connect = self.0.call(target);
        Box::pin(async move {
            let stream = BufReader::with_capacity(PIECE, TokioIo::new(connect.await?));
            Ok(Stream(TokioIo::new(stream)))
        })
    }
}

/// A connection that reads in large pieces; writes go through as they are.
pub struct Stream<S>(TokioIo<BufReader<TokioIo<S>>>);

impl<S: Read + Write + Unpin> Read for Stream<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_read(context, buffer)
    }
}

impl<S: Read + Write + Unpin> Write for Stream<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write_vectored(context, pieces)
    }
}

impl<S: Connection + Read> Connection for Stream<S> {
    fn connected(&self) -> Connected {
        self.0.inner().get_ref().inner().connected()
    }
}
