//! rutter: a dashboard for Kubernetes clusters in the terminal.
pub mod app;
pub mod args;
pub mod cluster;
pub mod commands;
pub mod config;
pub mod demo;
pub mod get;
pub mod kinds;
pub mod model;
pub mod text;
pub mod ui;
