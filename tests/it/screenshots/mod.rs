//! The pictures of `screenshots/`, drawn by the real drawing from the demo cluster.
