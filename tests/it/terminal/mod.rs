//! The real binary in a pseudo-terminal.

mod editor;
mod end;
mod handover;
mod idle;
mod pty;
mod scripts;
mod sign_in;
mod stop;
mod window;
