//! Sessions against a small server: what it says, what it is told, and how it may go wrong.

use super::call::{Call, What};
use super::channel::{Size, Version};
use super::session::Session;
use super::status::Ended;
use super::visit::{Errand, Visit, Whom, explain, open, second_try};
use crate::cluster::connect::{Lanes, ReadOnly};
use crate::kinds::Uid;
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

mod opening;

const SUCCESS: &[u8] = br#"{"metadata":{},"status":"Success"}"#;
const KILLED: &[u8] =
    br#"{"status":"Failure","reason":"NonZeroExitCode","message":"command terminated with exit code 137",
    "details":{"causes":[{"reason":"ExitCode","message":"137"}]}}"#;

/// The server's end of a session.
struct Server(WebSocketStream<DuplexStream>);

/// A session whose connection holds `room` bytes in each direction.
async fn session(version: Version, redraw: bool, room: usize) -> (Session, Server) {
    let (ours, theirs) = duplex(room);
    let client = WebSocketStream::from_raw_socket(ours, Role::Client, None).await;
    let server = WebSocketStream::from_raw_socket(theirs, Role::Server, None).await;
    (Session::start(client, version, redraw), Server(server))
}

impl Server {
    async fn say(&mut self, channel: u8, text: &[u8]) {
        let message = [&[channel], text].concat();
        self.0.send(Message::Binary(message.into())).await.unwrap();
    }

    /// The next message that is no ping.
    async fn hear(&mut self) -> Vec<u8> {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Binary(bytes) => return bytes.to_vec(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Closes the connection as one should.
    async fn close(mut self) {
        let _ = self.0.close(None).await;
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

/// All that the session says, and how it ended.
async fn all(mut session: Session) -> (Vec<u8>, Vec<u8>, Ended) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let (a, b, ended) =
        tokio::join!(session.stdout.read_to_end(&mut out), session.stderr.read_to_end(&mut err), session.end.wait());
    a.unwrap();
    b.unwrap();
    (out, err, ended)
}

#[tokio::test(start_paused = true)]
async fn a_command_runs_to_its_end() {
    let (mut session, mut server) = session(Version::V5, false, 1 << 16).await;
    session.stdin.write_all(b"hello").await.unwrap();
    assert_eq!(server.hear().await, b"\0hello");
    session.stdin.shutdown().await.unwrap();
    assert_eq!(server.hear().await, [255, 0]);
    // An empty message, as servers begin.
    server.say(1, b"").await;
    server.say(1, b"out").await;
    server.say(2, b"err").await;
    server.say(9, b"unknown").await;
    server.0.send(Message::Text("no bytes".into())).await.unwrap();
    server.say(3, SUCCESS).await;
    server.say(1, b" and more").await;
    tokio::spawn(server.close());
    assert_eq!(all(session).await, (b"out and more".to_vec(), b"err".to_vec(), Ended::Exited(0)));
}

#[tokio::test(start_paused = true)]
async fn the_exit_code_is_the_commands() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    server.say(3, KILLED).await;
    // A second word changes nothing.
    server.say(3, SUCCESS).await;
    tokio::spawn(server.close());
    assert_eq!(all(session).await.2, Ended::Exited(137));
}

/// Nobody who closes stdin under version 4 would hear the rest.
#[tokio::test(start_paused = true)]
async fn version_4_is_not_told_the_end_of_stdin() {
    let (mut session, mut server) = session(Version::V4, false, 1 << 16).await;
    session.stdin.write_all(b"x").await.unwrap();
    session.stdin.shutdown().await.unwrap();
    assert_eq!(server.hear().await, b"\0x");
    // Nothing but pings follows, and the rest of the output still comes.
    assert!(timeout(Duration::from_secs(7), server.hear()).await.is_err());
    server.say(1, b"rest").await;
    server.say(3, SUCCESS).await;
    tokio::spawn(server.close());
    assert_eq!(all(session).await, (b"rest".to_vec(), Vec::new(), Ended::Exited(0)));
}

#[tokio::test(start_paused = true)]
async fn without_a_status_it_is_lost_whatever_was_said() {
    let lost = "the server closed it without saying how the command ended";
    for empty in [false, true] {
        let (session, mut server) = session(Version::V5, false, 1 << 16).await;
        server.say(1, b"half").await;
        if empty {
            server.say(3, b"").await;
        }
        tokio::spawn(server.close());
        assert_eq!(all(session).await, (b"half".to_vec(), Vec::new(), Ended::Lost(lost.into())));
    }
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    server.say(1, b"half").await;
    // Cut, without the words that close a WebSocket.
    drop(server);
    let (out, _, ended) = all(session).await;
    assert!(matches!(ended, Ended::Lost(_)) && out == b"half", "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_status_that_cannot_be_read_is_a_failure() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    server.say(3, b"{\"status\":").await;
    tokio::spawn(server.close());
    let ended = all(session).await.2;
    assert!(ended.to_string().contains("cannot be read"), "{ended}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_noticed_and_pings_are_answered() {
    // A server that answers pings is there, however long nothing happens.
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    let began = Instant::now();
    let quiet = tokio::spawn(async move {
        let _ = timeout(Duration::from_mins(10), server.hear()).await;
        server
    });
    let ended = tokio::spawn(all(session));
    let mut server = quiet.await.unwrap();
    assert!(!ended.is_finished() && began.elapsed() >= Duration::from_mins(10));
    // It stops reading, so that nothing is answered any more.
    let ended = ended.await.unwrap().2;
    assert_eq!(ended, Ended::Lost("the server was silent for 61 seconds".into()));
    assert!(began.elapsed() <= Duration::from_secs(600 + 61 + 5), "{:?}", began.elapsed());
    let _ = server.0.close(None).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_hang_up_after_the_status_is_left() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    server.say(3, SUCCESS).await;
    let began = Instant::now();
    assert_eq!(all(session).await.2, Ended::Exited(0));
    assert!(began.elapsed() <= Duration::from_secs(6));
}

/// More than all pipes together hold: the server waits for a slow reader, input still passes, and nothing is lost. That
/// the reader takes longer than a silence may last is not the server's silence.
#[tokio::test(start_paused = true)]
async fn a_flood_waits_for_a_slow_reader() {
    const PIECES: usize = 64;
    let (mut session, server) = session(Version::V5, false, 4096).await;
    let (mut sink, mut stream) = server.0.split();
    let flood = tokio::spawn(async move {
        for n in 0..PIECES {
            let mut piece = vec![u8::try_from(n).unwrap(); 8192];
            piece[0] = 1;
            sink.send(Message::Binary(piece.into())).await.unwrap();
        }
        sink.send(Message::Binary([&[3], SUCCESS].concat().into())).await.unwrap();
        let _ = sink.close().await;
    });
    sleep(Duration::from_secs(200)).await;
    assert!(!flood.is_finished(), "nobody has read, and all was taken");
    session.stdin.write_all(b"\x03").await.unwrap();
    let interrupt = async {
        loop {
            if let Message::Binary(bytes) = stream.next().await.unwrap().unwrap() {
                return bytes;
            }
        }
    };
    assert_eq!(interrupt.await.as_ref(), b"\0\x03");
    let reading = tokio::spawn(async move { while let Some(Ok(_)) = stream.next().await {} });
    let (mut out, mut buffer) = (Vec::new(), vec![0; 5000]);
    while let read @ 1.. = session.stdout.read(&mut buffer).await.unwrap() {
        out.extend_from_slice(&buffer[..read]);
        sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(session.end.wait().await, Ended::Exited(0));
    assert_eq!(out.len(), PIECES * 8191);
    assert!(out.chunks(8191).enumerate().all(|(n, piece)| piece.iter().all(|b| usize::from(*b) == n)));
    reading.await.unwrap();
}

/// A command that does not take its input while it writes: both directions are full, and it ends all the same.
#[tokio::test(start_paused = true)]
async fn full_pipes_do_not_wait_for_each_other() {
    let (mut session, mut server) = session(Version::V5, false, 1024).await;
    let (mut stdin, mut stdout) = (session.stdin, session.stdout);
    let writing = tokio::spawn(async move {
        // Fails when the session has ended; by then the pipes were full.
        let _ = stdin.write_all(&vec![b'x'; 1 << 20]).await;
    });
    let echo = tokio::spawn(async move {
        for _ in 0..100 {
            server.say(1, &[b'y'; 500]).await;
        }
        server.say(3, SUCCESS).await;
        server
    });
    let mut out = Vec::new();
    stdout.read_to_end(&mut out).await.unwrap();
    assert_eq!(out.len(), 50_000);
    assert_eq!(session.end.wait().await, Ended::Exited(0));
    writing.await.unwrap();
    drop(echo.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn of_many_sizes_the_last_one_counts() {
    let (session, mut server) = session(Version::V5, false, 256).await;
    for width in 1..=500 {
        session.size.send_replace(Some(Size { width, height: 24 }));
        if width % 50 == 0 {
            tokio::task::yield_now().await;
        }
    }
    let mut last = Vec::new();
    while let Ok(message) = timeout(Duration::from_secs(1), server.hear()).await {
        last = message;
    }
    assert_eq!(last, b"\x04{\"Width\":500,\"Height\":24}");
}

#[tokio::test(start_paused = true)]
async fn attaching_asks_for_a_new_picture() {
    let (session, mut server) = session(Version::V5, true, 1 << 16).await;
    session.size.send_replace(Some(Size { width: 80, height: 24 }));
    assert_eq!(server.hear().await, b"\x04{\"Width\":81,\"Height\":25}");
    assert_eq!(server.hear().await, b"\x04{\"Width\":80,\"Height\":24}");
    session.size.send_replace(Some(Size { width: 90, height: 24 }));
    assert_eq!(server.hear().await, b"\x04{\"Width\":90,\"Height\":24}");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_still_learns_the_end() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    let Session { stdin, stdout, stderr, size: _size, mut end } = session;
    drop((stdin, stdout, stderr));
    for _ in 0..50 {
        server.say(1, &[0; 8192]).await;
    }
    server.say(3, KILLED).await;
    tokio::spawn(server.close());
    assert_eq!(end.wait().await, Ended::Exited(137));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_dropped_is_closed() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    drop(session);
    let next = timeout(Duration::from_secs(1), async {
        loop {
            match server.0.next().await {
                Some(Ok(Message::Binary(_))) => {}
                other => return other,
            }
        }
    });
    assert!(!matches!(next.await.unwrap(), Some(Ok(_))));
}
